import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Environment } from '../../src/core/context.js';
import { spellNumeric, spellUuid, spellWord } from '../../src/lib/ids.js';
import { openAddressBed } from '../support/addresses.js';
import type { AddressBed } from '../support/addresses.js';
import { ask } from '../support/request.js';
import type { Answer } from '../support/request.js';
import { watchRoutes } from '../support/served-routes.js';
import type { ServedRoutes } from '../support/served-routes.js';
import { startTestServer } from '../support/server.js';
import type { TestServer } from '../support/server.js';
import type { Attempt, Rows } from './attempt.js';
import { Fingerprints, unknownTables } from './fingerprints.js';
import { makeBranch, makeHousehold, makeStrangers, mark } from './household.js';
import type { Asker, Household } from './household.js';
import { numexRows } from './numex-rows.js';
import { piopiyRows, staffifyRows, twochatRows } from './vendor-rows.js';
import { vobizRows } from './vobiz-rows.js';

/** What every caller shares, tenants or not; asked without a key. */
const publicPaths = [
  '/',
  '/health',
  '/health/live',
  '/metrics',
  '/docs',
  '/docs/json',
  '/docs/yaml',
  '/openapi.json',
  '/openapi.yaml',
  '/docs/static/index.html',
  '/docs/static/swagger-initializer.js',
  '/docs/static/theme/mark.svg',
];

const rows: Rows = { ...numexRows, ...twochatRows, ...piopiyRows, ...staffifyRows, ...vobizRows };
const environments = ['live', 'test'] as const;

let server: TestServer;
let bed: AddressBed;
let routes: ServedRoutes;
const victims = new Map<Environment, Household>();
/** Who asks for the things of the victim of an environment. */
const askers = new Map<Environment, readonly Asker[]>();
const fingerprints = new Map<Environment, Fingerprints>();

beforeAll(async () => {
  ({ made: server, routes } = await watchRoutes(() => startTestServer()));
  bed = openAddressBed(server);
  const strangers = new Map<Environment, readonly Asker[]>();
  for (const environment of environments) {
    victims.set(environment, await makeHousehold(server, bed, environment));
    strangers.set(environment, await makeStrangers(server, bed, environment));
  }
  for (const environment of environments) {
    const victim = of(victims, environment);
    const [foreigner] = of(strangers, environment === 'live' ? 'test' : 'live');
    askers.set(environment, [
      ...of(strangers, environment),
      await makeBranch(server, bed, victim),
      ...(foreigner ? [{ ...foreigner, kind: 'otherEnvironment' as const }] : []),
    ]);
    const ids = [victim.tenant.account.id, victim.sub.account.id];
    fingerprints.set(environment, await Fingerprints.open(server.sql, ids));
  }
});

afterAll(async () => {
  await bed.close();
  await server.close();
});

function of<T>(map: ReadonlyMap<Environment, T>, environment: Environment): T {
  const found = map.get(environment);
  if (found === undefined) throw new Error(`nothing for ${environment}`);
  return found;
}

/** Patterns that stand for a word in any case of letters are written as that word. */
function routeName({ method, path }: { readonly method: string; readonly path: string }): string {
  return `${method} ${path.replace(/:word\([^)]*\)/, 'Account').replace(/(:trunk)\([^)]*\)/, '$1')}`;
}

/** One account's key on every wire: each looks at its own headers. */
function credentials({ key, accountId }: Asker): Record<string, string> {
  return {
    authorization: `Bearer ${key}`,
    'x-user-api-key': key,
    'x-auth-id': accountId,
    'x-auth-token': key,
  };
}

/** Spellings of what only the victim may see; those in a group mean the same. */
function secretsOf(victim: Household): string[][] {
  const numbers = Object.values(victim.numbers).map((number) => [
    number.slice(1),
    spellWord('num_', Number(number.slice(1))),
    spellUuid('number', Number(number.slice(1))),
  ]);
  const rentals = [victim.rental, victim.pendingRental, victim.subRental].map((id) => [
    spellWord('ren_', id),
    `DID${spellUuid('rental', id)}`,
  ]);
  const accounts = [victim.tenant, victim.sub].map(({ account }) => [
    account.publicId,
    `ACC${spellUuid('account', account.id)}`,
  ]);
  return [
    ...numbers,
    ...rentals,
    ...accounts,
    [spellWord('ord_', victim.order)],
    [spellWord('res_', victim.reservation), spellUuid('reservation', victim.reservation)],
    [spellWord('agent_', victim.agent)],
    [spellWord('trunk_', victim.trunk), spellUuid('trunk', victim.trunk)],
    [spellWord('app_', victim.application), spellNumeric(victim.application)],
    [spellWord('addr_', victim.draft)],
    [spellWord('addr_', victim.verified)],
    [spellWord('doc_', victim.document)],
    [spellWord('key_', victim.key)],
    [spellWord('whe_', victim.endpoint)],
    [spellWord('whe_', victim.wireEndpoint)],
    [spellWord('dlv_', victim.delivery)],
    ...(victim.clock === undefined ? [] : [[spellWord('clock_', victim.clock)]]),
    [victim.call],
    ...victim.secrets.map((secret) => [secret]),
  ];
}

/** Whether a word stands in a text by itself, not as a part of a longer one. */
function mentions(text: string, word: string): boolean {
  const letter = /[0-9A-Za-z_]/;
  for (let start = text.indexOf(word); start >= 0; start = text.indexOf(word, start + 1)) {
    const around = [text.charAt(start - 1), text.charAt(start + word.length)];
    if (!around.some((char) => letter.test(char))) return true;
  }
  return false;
}

/** Nothing of the victim's is in an answer, beyond what the request named. */
function expectNoData(
  victim: Household,
  sent: string,
  answer: Answer,
  what: string,
  known: readonly string[] = [],
): void {
  const told = `${JSON.stringify(answer.body)} ${JSON.stringify([...answer.headers])}`;
  expect(told.toLowerCase(), what).not.toContain(mark.toLowerCase());
  const leaked = secretsOf(victim).filter(
    (spellings) =>
      !spellings.some((word) => known.includes(word) || mentions(sent, word)) &&
      spellings.some((word) => mentions(told, word)),
  );
  expect(leaked, `${what}: ${told}`).toEqual([]);
}

function expectedStatus(method: string, attempt: Attempt, { kind }: Asker): number {
  return kind === 'reader' && method !== 'GET' ? 403 : (attempt.by?.[kind] ?? attempt.status);
}

async function tryAll(
  environment: Environment,
  route: string,
  headers: (victim: Household) => Record<string, string>,
  expected: (method: string, attempt: Attempt, asker: Asker) => number,
): Promise<void> {
  const victim = of(victims, environment);
  const [method = ''] = route.split(' ');
  const before = await of(fingerprints, environment).read();
  for (const asker of of(askers, environment)) {
    for (const attempt of rows[route]?.(victim, asker) ?? []) {
      const also = headers(victim);
      const sent = `${decodeURIComponent(attempt.path)} ${JSON.stringify([attempt.body, also])}`;
      const what = `${asker.kind}: ${method} ${sent}`;
      const answer = await ask(server.url, undefined, method, attempt.path, attempt.body, {
        ...credentials(asker),
        ...also,
      });
      expect(answer.status, `${what}: ${JSON.stringify(answer.body)}`).toBe(expected(method, attempt, asker));
      // Whose sub-account it is, it knows.
      const known = asker.kind === 'branch' ? [victim.tenant.account.publicId] : [];
      expectNoData(victim, sent, answer, what, known);
    }
  }
  expect(await of(fingerprints, environment).read(), route).toEqual(before);
}

describe('the matrix', () => {
  it('has every route of every dialect, and no other', () => {
    const shared = publicPaths.map((path) => `GET ${path}`);
    const expected = [...Object.keys(rows), ...shared].sort();
    expect(routes.answering.map(routeName).sort()).toEqual(expected);
  });

  it('names something of the victim’s wherever a path or a body can', () => {
    const victim = of(victims, 'live');
    const [asker] = of(askers, 'live');
    if (!asker) throw new Error('nobody asks');
    const wires = [victim.rental, victim.agent, victim.draft, victim.wireEndpoint].map(String);
    const words = [...secretsOf(victim).flat(), ...wires];
    const isNamed = (route: string): boolean =>
      (rows[route]?.(victim, asker) ?? []).some(({ path, body }) =>
        words.some((word) => mentions(`${decodeURIComponent(path)} ${JSON.stringify(body)}`, word)),
      );
    // A group, a currency, a policy, a price list or a rule of one is nobody's.
    const shared = /:(group|currency|name|list|rule)\b/g;
    const silent = Object.keys(rows).filter(
      (route) => route.replace(shared, '').includes(':') && !isNamed(route),
    );
    // There are clocks in the test environment only; see below.
    expect(silent).toEqual(['POST /numex/v1/test-clocks/:clock/advance']);
  });

  it('watches every table of the database', async () => {
    expect(await unknownTables(server.sql)).toEqual([]);
    const empty = Object.entries(await of(fingerprints, 'test').read())
      .filter(([, print]) => print.startsWith('0 '))
      .map(([table]) => table);
    // What a test account of this file has none of.
    expect(empty.sort()).toEqual(['number_price']);
  });

  it('needs no row for what only refuses', async () => {
    const [asker] = of(askers, 'live');
    if (!asker) throw new Error('nobody asks');
    for (const { method, path } of routes.refusing) {
      if (!['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].includes(method) || path.startsWith('/docs')) continue;
      const asked = path.replace(':authId', asker.accountId).replace(/:\w+/g, '1').replace('*', 'x');
      const answer = await ask(server.url, undefined, method, asked, undefined, credentials(asker));
      expect([404, 405], `${method} ${path}`).toContain(answer.status);
    }
  });
});

describe.each(environments)('what an account of the %s environment has', (environment) => {
  it.each(Object.keys(rows))('is nobody else’s by %s', async (route) => {
    await tryAll(environment, route, () => ({}), expectedStatus);
  });

  it('is there for itself, or for its sub-account', async () => {
    const victim = of(victims, environment);
    const [asker] = of(askers, environment);
    if (!asker) throw new Error('nobody asks');
    const selves = [victim.tenant, victim.sub].map(({ account, apiKey }) => ({
      ...asker,
      key: apiKey,
      accountId: account.publicId,
    }));
    for (const route of Object.keys(rows).filter((name) => name.startsWith('GET '))) {
      const statuses: number[] = [];
      for (const self of selves) {
        for (const { path, status } of rows[route]?.(victim, self) ?? []) {
          if (status !== 404) continue;
          statuses.push((await ask(server.url, undefined, 'GET', path, undefined, credentials(self))).status);
        }
      }
      if (statuses.length > 0) expect(statuses, route).toContain(200);
    }
  });

  it('cannot be acted for by a stranger, whatever is asked', async () => {
    for (const route of Object.keys(numexRows)) {
      await tryAll(
        environment,
        route,
        ({ tenant }) => ({ 'x-account': tenant.account.publicId }),
        (method, _attempt, { kind }) => (kind === 'reader' && method !== 'GET' ? 403 : 404),
      );
    }
  });

  it('is in nothing that is shown without a key', async () => {
    for (const path of publicPaths) {
      const answer = await ask(server.url, undefined, 'GET', path);
      expect(answer.status, path).toBe(200);
      expectNoData(of(victims, environment), path, answer, path);
    }
  });
});
