import { afterAll, beforeAll, expect, it } from 'vitest';
import { setReleaseFee } from '../../src/core/billing/index.js';
import { buyAll, doDueWork, expectOrderlyBooks } from '../support/due.js';
import { idOf } from '../support/calls.js';
import { ask, at } from '../support/request.js';
import type { Answer } from '../support/request.js';
import { startTestServer } from '../support/server.js';
import type { TestServer, TestTenant } from '../support/server.js';

const fee = 150;
const day = 86_400;
const numbers = Array.from({ length: 5 }, (_, line) => `+1213556${1000 + line}`);
let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
  await server.addNumbers(numbers);
});

afterAll(() => server.close());

type Release = (tenant: TestTenant, rental: string, number: string) => Promise<Answer>;

/** The first row of a list that speaks of the number. */
async function rowOf(list: Answer, path: string, number: string): Promise<Record<string, unknown>> {
  const rows = at(list.body, path) as Record<string, unknown>[];
  const row = rows.find((candidate) => JSON.stringify(candidate).includes(number));
  return row ?? Promise.reject(new Error(`${number} is not listed: ${JSON.stringify(list.body)}`));
}

const dialects: Readonly<Record<string, Release>> = {
  'the own API': ({ apiKey }, rental) =>
    ask(server.url, apiKey, 'DELETE', `/numex/v1/rentals/${rental}?leaves=now`),
  Piopiy: async ({ apiKey }, _, number) => {
    const owned = await ask(server.url, apiKey, 'GET', '/v1/purchased-phone-numbers');
    const { id } = await rowOf(owned, 'data', number);
    return ask(server.url, apiKey, 'DELETE', `/v1/release-phone-number/${String(id)}`);
  },
  Staffify: async ({ apiKey }, _, number) => {
    const owned = await ask(server.url, apiKey, 'GET', '/v1/phone-numbers');
    const { id } = await rowOf(owned, 'phone_numbers', number);
    return ask(server.url, apiKey, 'DELETE', `/v1/phone-numbers/${String(id)}`);
  },
  '2Chat': async ({ apiKey }, _, number) => {
    const headers = { 'x-user-api-key': apiKey };
    const path = '/open/voip/virtual-numbers';
    const owned = await ask(server.url, undefined, 'GET', path, undefined, headers);
    const { uuid } = await rowOf(owned, 'numbers', number);
    return ask(server.url, undefined, 'DELETE', `${path}/${String(uuid)}`, undefined, headers);
  },
  Vobiz: ({ apiKey, account }, _, number) => {
    const pair = { 'x-auth-id': account.publicId, 'x-auth-token': apiKey };
    const path = `/api/v1/Account/${account.publicId}/numbers/${encodeURIComponent(number)}?immediate=true`;
    return ask(server.url, undefined, 'DELETE', path, undefined, pair);
  },
};

it('a release costs the account’s fee, and the number rests as policy says, whichever dialect it is released in', async () => {
  const tenant = await server.createTenant({ balances: { USD: 100_000 } });
  const { account } = tenant;
  await setReleaseFee({ ctx: server.operator(), input: { account, currency: 'USD', amountMinor: fee } });
  const rentals = await buyAll(server, tenant, numbers);
  const fees: Record<string, number> = {};
  for (const [index, [dialect, release]] of Object.entries(dialects).entries()) {
    const number = numbers[index] ?? '';
    const released = await release(tenant, rentals[index] ?? '', number);
    expect(released.status, `${dialect}: ${JSON.stringify(released.body)}`).toBeLessThan(300);
    const [paid] = await server.sql<{ minor: number }[]>`
      select coalesce(sum(amount_minor), 0)::int as minor from transfer where kind = 'release_fee' and reference = ${number}`;
    fees[dialect] = paid?.minor ?? 0;
  }
  expect(fees).toEqual(Object.fromEntries(Object.keys(dialects).map((dialect) => [dialect, fee])));
  // Past the longest window, and within the rest that follows it.
  server.clock.advance(32 * day);
  await doDueWork(server);
  const marks = await server.sql<{ status: string }[]>`
    select status::text as status from number where id = any(${numbers.map((number) => idOf(number))}::bigint[])`;
  expect(marks.map(({ status }) => status)).toEqual(numbers.map(() => 'q'));
  await expectOrderlyBooks(server);
});
