import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { spellNumeric, spellUuid, spellWord } from '../../src/lib/ids.js';
import type { WireRoute } from '../../src/http/wire.js';
import { dialects } from '../../src/server/dialects.js';
import { ask } from '../support/request.js';
import type { Answer } from '../support/request.js';
import { startTestServer } from '../support/server.js';
import type { TestServer, TestTenant } from '../support/server.js';

/** A row that is not there, under every name that a wire may give it. */
const row = 7_654_321;

const words: Readonly<Record<string, string>> = {
  rental: spellWord('ren_', row),
  reservation: spellWord('res_', row),
  order: spellWord('ord_', row),
  key: spellWord('key_', row),
  agent: spellWord('agent_', row),
  trunk: spellWord('trunk_', row),
  application: spellWord('app_', row),
  address: spellWord('addr_', row),
  document: spellWord('doc_', row),
  endpoint: spellWord('whe_', row),
  delivery: spellWord('dlv_', row),
  clock: spellWord('clock_', row),
  group: 'none-1',
  call: 'none-2',
  number: '+12135550199',
  account: 'SA_NONE000000',
};

/** The ids that a dialect's paths have, by the path's beginning or the parameter's name. */
const idsOf: Readonly<Record<string, (path: string, name: string) => string | undefined>> = {
  numex: (_path, name) => words[name],
  '2chat': (path) =>
    path.startsWith('/voip') ? `DID${spellUuid('rental', row)}` : spellUuid('reservation', row),
  piopiy: (path) => (path.startsWith('/ai') ? spellWord('agent_', row) : spellWord('num_', 12135550199)),
  staffify: () => String(row),
  vobiz: (_path, name) =>
    ({
      number: '+918041230199',
      trunk: spellUuid('trunk', row),
      application: spellNumeric(row),
      account: 'SA_NONE000000',
      call: 'none-2',
    })[name],
};

let server: TestServer;
let tenant: TestTenant;
let adminKey: string;

beforeAll(async () => {
  server = await startTestServer();
  tenant = await server.createTenant({ balances: { USD: 1000, EUR: 10_000 } });
  adminKey = await server.createAdminKey();
});

afterAll(() => server.close());

/** The route's path with ids in it, and the first of them; undefined where it has none. */
function named(dialect: string, { path }: WireRoute): { url: string; id: string } | undefined {
  const ids: string[] = [];
  const parts = path
    .replace(/:word\([^/]*\)/, 'Account')
    .replace('/:authId', `/${tenant.account.publicId}`)
    .split('/')
    .map((part) => {
      const name = /^:([A-Za-z]+)/.exec(part)?.[1];
      if (name === undefined) return part;
      const id = idsOf[dialect]?.(path, name);
      if (id !== undefined) ids.push(id);
      return id === undefined ? 'USD' : encodeURIComponent(id);
    });
  const [id] = ids;
  return id === undefined ? undefined : { url: parts.join('/'), id };
}

function call(key: string, prefix: string, { method }: WireRoute, url: string): Promise<Answer> {
  const headers = {
    'x-user-api-key': key,
    'x-auth-id': tenant.account.publicId,
    'x-auth-token': key,
  };
  const body = method === 'GET' || method === 'DELETE' ? undefined : { name: 'X', agent_id: row };
  return ask(server.url, key, method, `${prefix}${url}`, body, headers);
}

const served = dialects().map(({ name, prefix, routes }) => ({ name, prefix, routes }));

describe.each(served)('what is not there in $name', ({ name, prefix, routes }) => {
  it('is named as the caller named it, never by its row', async () => {
    const keys = name === 'numex' ? [tenant.apiKey, adminKey] : [tenant.apiKey];
    let missing = 0;
    for (const route of routes) {
      const asked = named(name, route);
      if (!asked) continue;
      for (const key of keys) {
        const answer = await call(key, prefix, route, asked.url);
        const text = JSON.stringify(answer.body);
        const which = `${route.method} ${asked.url}: ${text}`;
        expect(answer.status, which).toBeGreaterThanOrEqual(200);
        expect(answer.status, which).toBeLessThan(500);
        if (name !== 'staffify') expect(text, which).not.toContain(String(row));
        if (answer.status !== 404) continue;
        missing += 1;
        // The vendor's own sentences name nothing (contract 4, 5.2, 6).
        if (name !== 'vobiz') expect(text, which).toContain(asked.id);
      }
    }
    expect(missing).toBeGreaterThan(1);
  });
});

describe('all faults at once in the own API', () => {
  const post = (path: string, body: unknown) =>
    ask(server.url, tenant.apiKey, 'POST', `/numex/v1${path}`, body);

  it('names every missing field', async () => {
    const answer = await post('/addresses', {});
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ code: 'missing_input' });
    for (const field of ['street_address', 'city', 'postal_code', 'country', 'contact_name']) {
      expect(JSON.stringify(answer.body)).toContain(field);
    }
  });

  it('names a field that is not known, and the words that are allowed', async () => {
    const unknown = await post('/sub-accounts', {
      name: 'X',
      colour: 'red',
      size: 3,
      requests_per_minute: 0,
    });
    expect(unknown.status).toBe(400);
    const said = JSON.stringify(unknown.body);
    for (const field of ['colour', 'size', 'requests_per_minute']) expect(said).toContain(field);
    expect(said).not.toContain('additional properties');
    const query = await ask(
      server.url,
      tenant.apiKey,
      'GET',
      '/numex/v1/numbers?country=US&type=satellite&limit=0',
    );
    expect(query.body).toMatchObject({ code: 'invalid_input' });
    for (const word of ['type', 'local', 'mobile', 'limit'])
      expect(JSON.stringify(query.body)).toContain(word);
  });

  it('tells the first fault alone of a very large body', async () => {
    const lines = Array.from({ length: 20_000 }, () => ({ colour: 1 }));
    const answer = await post('/orders', { lines });
    expect(answer.status).toBe(400);
    expect(JSON.stringify(answer.body).length).toBeLessThan(2000);
  });
});

describe('other verbs', () => {
  it.each([
    ['PUT', '/numex/v1/orders', 'POST'],
    ['DELETE', '/open/numbers/purchase', 'POST'],
    ['PUT', '/v1/buy-phone-number', 'POST'],
    ['PUT', '/v1/credits', 'GET, HEAD'],
    ['PATCH', '/api/v1/auth/me', 'GET, HEAD'],
  ])('%s %s is 405 and says which there are', async (method, path, allow) => {
    const key = tenant.apiKey;
    const headers = { 'x-user-api-key': key, 'x-auth-id': tenant.account.publicId, 'x-auth-token': key };
    const answer = await ask(server.url, key, method, path, undefined, headers);
    expect(answer.status, JSON.stringify(answer.body)).toBe(405);
    expect(answer.headers.get('allow')?.split(', ')).toEqual(expect.arrayContaining(allow.split(', ')));
    expect(answer.headers.get('allow')).not.toContain(method);
  });
});
