import { spellNumeric, spellUuid } from '../../src/lib/ids.js';
import { absent, bySubs, served } from './attempt.js';
import type { Attempt, Rows } from './attempt.js';
import type { Asker, Household } from './household.js';

const base = '/api/v1';
const inPath = encodeURIComponent;

/** The same request on the paths of the victim's accounts, where it is refused whatever it is, and on one's own. */
type Rest = (victim: Household, asker: Asker) => readonly Attempt[];

const trunkOf = ({ trunk }: { readonly trunk: number }): string => spellUuid('trunk', trunk);
const applicationOf = ({ application }: { readonly application: number }): string =>
  spellNumeric(application);

/** What follows the account in a path; `served` things are of whoever's path it is. */
function onPaths(prefix: 'Account' | 'accounts', rest: Rest): Rows[string] {
  return (victim, asker) =>
    rest(victim, asker).flatMap((attempt) => [
      { ...attempt, path: `${base}/${prefix}/${asker.accountId}${attempt.path}` },
      ...[victim.tenant, victim.sub].map(({ account }) => ({
        ...absent(`${base}/${prefix}/${account.publicId}${attempt.path}`, attempt.body),
        status: 403,
      })),
    ]);
}

function eachNumber({ numbers }: Household, rest: string, body?: unknown): Attempt[] {
  return Object.values(numbers).map((number) => absent(`/numbers/${inPath(number)}${rest}`, body));
}

/** Whose a number is, is nobody else's business (contract 5). */
const notTheirs = (attempts: readonly Attempt[]): Attempt[] =>
  attempts.map((attempt) => ({ ...attempt, status: 403 }));

const ownNumber = (asker: Asker, rest: string, body?: unknown): Attempt =>
  absent(`/numbers/${inPath(asker.number)}${rest}`, body);

const numbers: Readonly<Record<string, Rest>> = {
  'GET /numbers': () => [served('/numbers?include_subaccounts=true')],
  'GET /numbers/:number': (victim) => eachNumber(victim, ''),
  'GET /inventory/numbers': () => [served('/inventory/numbers?country=US')],
  'POST /numbers/purchase-from-inventory': (victim) =>
    Object.values(victim.numbers).map((e164) => absent('/numbers/purchase-from-inventory', { e164 })),
  'DELETE /numbers/:number': (victim) => [
    ...notTheirs(eachNumber(victim, '')),
    ...notTheirs(eachNumber(victim, '?immediate=true')),
  ],
  'POST /numbers/:number/cancel-release': (victim) =>
    eachNumber(victim, '/cancel-release').map((attempt) => ({
      ...attempt,
      // A number that is only held is rented by nobody.
      status: attempt.path.includes(inPath(victim.numbers.held)) ? 404 : 403,
      by: { otherEnvironment: 404 },
    })),
  'POST /numbers/:number/assign': (victim, asker) => [
    ...eachNumber(victim, '/assign', { trunk_group_id: trunkOf(asker) }),
    ...eachNumber(victim, '/assign', { trunk_group_id: trunkOf(victim) }),
    ownNumber(asker, '/assign', { trunk_group_id: trunkOf(victim) }),
  ],
  'DELETE /numbers/:number/assign': (victim) => eachNumber(victim, '/assign'),
  'POST /numbers/:number/application': (victim, asker) => [
    ...eachNumber(victim, '/application', { application_id: applicationOf(asker) }),
    ownNumber(asker, '/application', { application_id: applicationOf(victim) }),
  ],
  'DELETE /numbers/:number/application': (victim) => eachNumber(victim, '/application'),
  'POST /numbers/:number/assign-subaccount': (victim, asker) =>
    [
      ...eachNumber(victim, '/assign-subaccount', { sub_account_id: asker.subAccount }),
      ...eachNumber(victim, '/assign-subaccount', { sub_account_id: victim.sub.account.publicId }),
      ownNumber(asker, '/assign-subaccount', { sub_account_id: victim.sub.account.publicId }),
    ].map((attempt) => bySubs(403, attempt)),
  'DELETE /numbers/:number/assign-subaccount': (victim) => [
    ...eachNumber(victim, '/assign-subaccount').map((attempt) => bySubs(403, attempt)),
    ...notTheirs(eachNumber(victim, '/assign-subaccount?force=true')),
  ],
  'GET /numbers/:number/health': (victim) => eachNumber(victim, '/health'),
};

const targets: Readonly<Record<string, Rest>> = {
  'POST /trunks': () => [served('/trunks', { name: 'Mine', trunk_type: 'INBOUND' }, 201)],
  'GET /trunks': () => [served('/trunks')],
  'GET /trunks/:trunk': (victim) => [absent(`/trunks/${trunkOf(victim)}`)],
  'PUT /trunks/:trunk': (victim) => [absent(`/trunks/${trunkOf(victim)}`, { name: 'Mine' })],
  'DELETE /trunks/:trunk': (victim) => [absent(`/trunks/${trunkOf(victim)}`)],
  'POST /Application': () => [
    served('/Application', { app_name: 'Mine', answer_url: 'https://example.com/mine' }, 201),
  ],
  'GET /Application': () => [served('/Application')],
  'GET /Application/:application': (victim) => [absent(`/Application/${applicationOf(victim)}`)],
  'POST /Application/:application': (victim) => [
    absent(`/Application/${applicationOf(victim)}`, { app_name: 'Mine' }),
  ],
  'DELETE /Application/:application': (victim) => [absent(`/Application/${applicationOf(victim)}`)],
};

const money: Readonly<Record<string, Rest>> = {
  'GET /balance/:currency': () => [bySubs(404, served('/balance/INR'))],
  'GET /transactions': () => [served('/transactions')],
  'GET /transactions/reference-types': () => [served('/transactions/reference-types')],
  'GET /cdr': () => [served('/cdr')],
  'GET /cdr/search': () => [served('/cdr/search')],
  'GET /cdr/recent': () => [served('/cdr/recent')],
  'GET /cdr/export': () => [served('/cdr/export')],
  'GET /cdr/:call': ({ call }) => [absent(`/cdr/${call}`)],
};

const subAccounts: Readonly<Record<string, Rest>> = {
  'POST ': () => [bySubs(403, served('', { name: 'Mine' }, 201))],
  'GET ': () => [served('')],
  'GET /:account': ({ sub }) => [bySubs(403, absent(`/${sub.account.publicId}`))],
  'PUT /:account': ({ sub }) => [bySubs(403, absent(`/${sub.account.publicId}`, { enabled: false }))],
  'DELETE /:account': ({ sub }) => [bySubs(403, absent(`/${sub.account.publicId}`))],
};

/** A contract's word before the account in the path, and the rest that is told of each route. */
function routesBelow(
  prefix: 'Account' | 'accounts',
  middle: string,
  rests: Readonly<Record<string, Rest>>,
): Rows {
  return Object.fromEntries(
    Object.entries(rests).map(([route, rest]) => {
      const [method = '', path = ''] = route.split(' ');
      const inMiddle: Rest = (victim, asker) =>
        rest(victim, asker).map((attempt) => ({ ...attempt, path: `${middle}${attempt.path}` }));
      return [`${method} ${base}/${prefix}/:authId${middle}${path}`, onPaths(prefix, inMiddle)];
    }),
  );
}

export const vobizRows: Rows = {
  ...routesBelow('Account', '', { ...numbers, ...targets, ...money }),
  ...routesBelow('accounts', '/sub-accounts', subAccounts),
  'GET /api/v1/auth/me': () => [served(`${base}/auth/me`)],
};
