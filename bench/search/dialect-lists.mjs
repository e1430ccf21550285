/**
 * The lists of stock and of cities that the dialects show, as requests: who asks is `{ account, apiKey }`, and `random`
 * gives the digits.
 */
const digits = (random, count) => String(Math.floor(random() * 10 ** count)).padStart(count, '0');

const inventory =
  (query) =>
  (random, { account, apiKey }) => ({
    path: `/api/v1/Account/${account.publicId}/inventory/numbers?per_page=25${query(random)}`,
    headers: { 'x-auth-id': account.publicId, 'x-auth-token': apiKey },
  });
const twochat =
  (path) =>
  (random, { apiKey, groups }) => ({
    path: `/open/numbers/${path(random, groups)}`,
    headers: { 'x-user-api-key': apiKey },
  });
const bearer =
  (path) =>
  (random, { apiKey }) => ({
    path: path(random),
    headers: { authorization: `Bearer ${apiKey}` },
  });
const anyOf = (random, list) => list[Math.floor(random() * list.length)];

export const dialectLists = [
  ['2Chat available', twochat((random, groups) => `available?group_id=${anyOf(random, groups)}`)],
  [
    '2Chat available, number_contains',
    twochat(
      (random, groups) => `available?group_id=${anyOf(random, groups)}&number_contains=${digits(random, 2)}`,
    ),
  ],
  ['2Chat cities of the US', twochat(() => 'cities?country=US')],
  [
    'Staffify search',
    bearer((random) => `/v1/phone-numbers/search?country_code=US&contains=${digits(random, 3)}`),
  ],
  ['Vobiz inventory', inventory(() => '')],
  ['Vobiz inventory, country', inventory(() => '&country=US')],
  ['Vobiz inventory, exclude', inventory((random) => `&country=US&exclude=1${digits(random, 3)}`)],
  ['Vobiz inventory, three digits', inventory((random) => `&search=${digits(random, 3)}`)],
  [
    'Vobiz inventory, country and four digits',
    inventory((random) => `&country=US&search=${digits(random, 4)}`),
  ],
  ['own cities, by name', bearer((random) => `/numex/v1/cities?country=US&name=City%20${digits(random, 3)}`)],
].map(([name, makeRequest]) => ({ name, makeRequest }));
