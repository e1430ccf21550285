import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { limits } from '../../src/core/limits/index.js';
import type { LimitName } from '../../src/core/limits/index.js';
import { setPolicy } from '../../src/core/policies/index.js';
import { bodyOf, dataOf, expectProblem, OwnApi } from '../dialects/numex/client.js';
import { berlin } from '../support/addresses.js';
import { ask, at } from '../support/request.js';
import { startTestServer } from '../support/server.js';
import type { TestServer, TestTenant } from '../support/server.js';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});

afterAll(() => server.close());

/** How many of each there may be in these tests, and how many are asked for at once. */
const limit = 3;
const together = 8;

function setLimit(name: LimitName, value: number) {
  return setPolicy({ ctx: server.operator(), input: { name, environment: 'test', value } });
}

function tenant(): Promise<TestTenant> {
  return server.createTenant({ environment: 'test', balances: { EUR: 10_000 } });
}

interface Made {
  readonly name: LimitName;
  readonly path: string;
  readonly body: object;
  /** What an account has from the beginning. */
  readonly already?: number;
  readonly deletable?: boolean;
}

const address = {
  street_address: berlin.streetAddress,
  city: berlin.city,
  postal_code: berlin.postalCode,
  country: berlin.country,
  contact_name: berlin.contactName,
  contact_email: berlin.contactEmail,
  contact_phone: berlin.contactPhone,
};

const things: readonly Made[] = [
  {
    name: 'trunks_per_account',
    path: '/trunks',
    body: { name: 'T', domain: 'sip.example.com' },
    deletable: true,
  },
  { name: 'applications_per_account', path: '/applications', body: { name: 'A' }, deletable: true },
  { name: 'agents_per_account', path: '/agents', body: { name: 'A' }, deletable: true },
  { name: 'keys_per_account', path: '/account/keys', body: { scope: 'read' }, already: 1, deletable: true },
  { name: 'test_clocks_per_account', path: '/test-clocks', body: { name: 'C' } },
  { name: 'sub_accounts_per_account', path: '/sub-accounts', body: { name: 'S' }, deletable: true },
  {
    name: 'webhook_endpoints_per_account',
    path: '/webhook-endpoints',
    body: { url: 'https://example.com/' },
    deletable: true,
  },
  { name: 'addresses_per_account', path: '/addresses', body: address },
];

describe('what an account may have is limited by policy', () => {
  it('for every kind there is', () => {
    expect(things.map(({ name }) => name).sort()).toEqual(Object.keys(limits).sort());
  });

  it.each(things)(
    '$name: of many made at once as many succeed as fit, and the rest are told the limit',
    async ({ name, path, body, already = 0, deletable = false }) => {
      const { apiKey } = await tenant();
      const api = new OwnApi(server.url, apiKey);
      await setLimit(name, limit + already);
      const answers = await Promise.all(Array.from({ length: together }, () => api.post(path, body)));
      const made = answers.filter(({ status }) => status === 201);
      const refused = answers.filter(({ status }) => status !== 201);
      expect(made).toHaveLength(limit);
      for (const answer of refused) {
        expectProblem(answer, 409, 'limit_reached', { kind: limits[name].kind, limit: limit + already });
      }
      expect(dataOf(await api.get(path))).toHaveLength(limit + already);
      if (deletable) {
        bodyOf(await api.delete(`${path}/${String(at(made[0]?.body, 'id'))}`));
        bodyOf(await api.post(path, body), 201);
      }
      expectProblem(await api.post(path, body), 409, 'limit_reached');
      await setLimit(name, limit + already + 1);
      bodyOf(await api.post(path, body), 201);
    },
  );

  it('the operator is bound by it when opening sub-accounts and making keys', async () => {
    const { account } = await tenant();
    const admin = new OwnApi(server.url, await server.createAdminKey());
    await setLimit('sub_accounts_per_account', limit);
    await setLimit('keys_per_account', limit);
    const input = { name: 'S', environment: 'test', parent: account.publicId };
    const opened = await Promise.all(Array.from({ length: together }, () => admin.post('/accounts', input)));
    expect(opened.filter(({ status }) => status === 201)).toHaveLength(limit);
    const keys = await Promise.all(
      Array.from({ length: together }, () =>
        admin.post(`/accounts/${account.publicId}/keys`, { scope: 'full' }),
      ),
    );
    expect(keys.filter(({ status }) => status === 201)).toHaveLength(limit - 1);
  });

  it('holds for sub-accounts that another wire opens at once', async () => {
    const { account, apiKey } = await tenant();
    await setLimit('sub_accounts_per_account', limit);
    const path = `/api/v1/accounts/${account.publicId}/sub-accounts/`;
    const headers = { 'x-auth-id': account.publicId, 'x-auth-token': apiKey };
    const opened = await Promise.all(
      Array.from({ length: together }, () =>
        ask(server.url, undefined, 'POST', path, { name: 'S' }, headers),
      ),
    );
    const statuses = opened.map(({ status }) => status).sort();
    expect(statuses).toEqual([
      ...Array<number>(limit).fill(201),
      ...Array<number>(together - limit).fill(403),
    ]);
  });

  it('is told by every wire in its own form', async () => {
    const { account, apiKey } = await tenant();
    for (const name of [
      'trunks_per_account',
      'agents_per_account',
      'webhook_endpoints_per_account',
    ] as const) {
      await setLimit(name, 0);
    }
    const message = (few: string): unknown => expect.stringContaining(`may have ${few} at most`);
    const vobiz = await ask(
      server.url,
      undefined,
      'POST',
      `/api/v1/Account/${account.publicId}/trunks`,
      { name: 'T', trunk_type: 'INBOUND' },
      { 'x-auth-id': account.publicId, 'x-auth-token': apiKey },
    );
    expect(vobiz).toMatchObject({ status: 403, body: { error: 'forbidden', message: message('0 trunks') } });
    const piopiy = await ask(server.url, apiKey, 'POST', '/v1/ai-agents', { name: 'A' });
    expect(piopiy).toMatchObject({ status: 403, body: { code: 'forbidden', message: message('0 agents') } });
    const staffify = await ask(server.url, apiKey, 'POST', '/v1/webhooks', { url: 'https://example.com/' });
    expect(staffify).toMatchObject({
      status: 403,
      body: { code: 'FORBIDDEN', message: message('0 webhook endpoints') },
    });
  });
});
