import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createKey } from '../../src/core/accounts/index.js';
import { createSubAccount } from '../../src/core/accounts/index.js';
import { createApp } from '../../src/server/app.js';
import type { App } from '../../src/server/app.js';
import { startTestServer } from '../support/server.js';
import type { TestServer, TestTenant } from '../support/server.js';

/** A harmless request in each dialect, and how its key is sent. */
const calls: Readonly<
  Record<string, { path: string; headers: (key: string, account: string) => Record<string, string> }>
> = {
  numex: { path: '/numex/v1/account', headers: (key) => ({ authorization: `Bearer ${key}` }) },
  '2chat': { path: '/open/info', headers: (key) => ({ 'x-user-api-key': key }) },
  piopiy: { path: '/v1/purchased-phone-numbers', headers: (key) => ({ authorization: `Bearer ${key}` }) },
  staffify: { path: '/v1/credits', headers: (key) => ({ 'x-api-key': key }) },
  vobiz: {
    path: '/api/v1/auth/me',
    headers: (key, account) => ({ 'x-auth-id': account, 'x-auth-token': key }),
  },
};
const names = Object.keys(calls);
const wrongKey = `nx_live_${'0123456789abcdef'.repeat(3)}`;

let server: TestServer;
let other: App;
let otherUrl: string;

beforeAll(async () => {
  server = await startTestServer({ rateLimits: true, trustProxy: { networks: ['127.0.0.0/8'] } });
  const { databaseUrl, documentsPath, clock } = server;
  other = await createApp({ databaseUrl, documentsPath, clock, rateLimits: true });
  otherUrl = await other.server.listen({ port: 0, host: '127.0.0.1' });
});

afterAll(async () => {
  await other.close();
  await server.close();
});

async function statusOf(
  url: string,
  dialect: string,
  key: string,
  account = '',
  more: Readonly<Record<string, string>> = {},
): Promise<number> {
  const call = calls[dialect];
  if (!call) throw new Error(`no call for ${dialect}`);
  const response = await fetch(`${url}${call.path}`, { headers: { ...call.headers(key, account), ...more } });
  await response.arrayBuffer();
  return response.status;
}

async function askTimes(times: number, ask: () => Promise<number>): Promise<Map<number, number>> {
  const statuses = await Promise.all(Array.from({ length: times }, ask));
  const counts = new Map<number, number>();
  for (const status of statuses) counts.set(status, (counts.get(status) ?? 0) + 1);
  return counts;
}

async function subOf(parent: TestTenant, requestsPerMinute: number): Promise<TestTenant> {
  const ctx = {
    ...server.operator(),
    actor: { kind: 'operator' as const, keyId: null, actsFor: parent.account },
  };
  const input = {
    name: 'Branch',
    email: null,
    phone: null,
    description: null,
    businessType: null,
    requestsPerMinute,
    permissions: {},
    endUser: 'self' as const,
    enabled: true,
  };
  const { account, apiKey } = await createSubAccount({ ctx, input });
  if (apiKey === null) throw new Error('a new sub-account has a key');
  return { account: { ...parent.account, publicId: account }, apiKey };
}

describe('the limit of an account', () => {
  it('is one for all processes that share a database', async () => {
    const { apiKey } = await server.createTenant();
    const here = await askTimes(45, () => statusOf(server.url, 'piopiy', apiKey));
    expect(here.get(200)).toBe(45);
    const there = await askTimes(45, () => statusOf(otherUrl, 'piopiy', apiKey));
    const inAll = 45 + (there.get(200) ?? 0);
    expect(inAll).toBeLessThanOrEqual(60);
    expect(inAll).toBeGreaterThanOrEqual(60 - 3);
    expect(there.get(429)).toBe(90 - inAll);
  });

  it.each(names)('is shared by its keys in %s', async (dialect) => {
    const tenant = await server.createTenant();
    const { apiKey: second } = await createKey({
      ctx: server.operator(),
      input: { account: tenant.account, scope: 'full' },
    });
    const quick = await subOf(tenant, 5);
    const { publicId } = quick.account;
    for (let i = 0; i < 5; i++) expect(await statusOf(server.url, dialect, quick.apiKey, publicId)).toBe(200);
    const { apiKey: spare } = await createKey({
      ctx: server.operator(),
      input: { account: await accountNamed(publicId, tenant), scope: 'full' },
    });
    expect(await statusOf(server.url, dialect, spare, publicId)).toBe(429);
    expect(await statusOf(server.url, dialect, second, tenant.account.publicId)).toBe(200);
  });

  it('that a parent has set holds for all five dialects together', async () => {
    const tenant = await server.createTenant();
    const sub = await subOf(tenant, names.length);
    for (const dialect of names) {
      expect(await statusOf(server.url, dialect, sub.apiKey, sub.account.publicId), dialect).toBe(200);
    }
    for (const dialect of names) {
      expect(await statusOf(server.url, dialect, sub.apiKey, sub.account.publicId), dialect).toBe(429);
    }
  });

  it('that is higher than the dialect’s does not lift the dialect’s', async () => {
    const sub = await subOf(await server.createTenant(), 1000);
    const counts = await askTimes(70, () => statusOf(server.url, 'piopiy', sub.apiKey));
    expect(counts.get(200)).toBe(60);
    expect(counts.get(429)).toBe(10);
  });

  it('is counted without the database when its store fails', async () => {
    const { apiKey } = await server.createTenant();
    await server.sql`alter table rate_limit rename to rate_limit_away`;
    try {
      const counts = await askTimes(70, () => statusOf(server.url, 'piopiy', apiKey));
      expect(counts.get(200)).toBe(60);
      expect(counts.get(429)).toBe(10);
    } finally {
      await server.sql`alter table rate_limit_away rename to rate_limit`;
    }
  });
});

/** The account as keys are made for it: with the row id that its public one stands for. */
async function accountNamed(publicId: string, parent: TestTenant): Promise<TestTenant['account']> {
  const [row] = await server.sql<{ id: number }[]>`select id from account where public_id = ${publicId}`;
  if (!row) throw new Error(`no account ${publicId}`);
  return { ...parent.account, id: row.id, publicId, parentId: parent.account.id };
}

describe('guessing keys', () => {
  it.each(names)(
    'is refused after a hundred wrong keys in %s, and a valid key goes on working',
    async (dialect) => {
      const { apiKey, account } = await server.createTenant();
      const from = { 'x-forwarded-for': `198.51.100.${names.indexOf(dialect) + 1}` };
      const guesses = await askTimes(200, () =>
        statusOf(server.url, dialect, wrongKey, account.publicId, from),
      );
      expect(guesses).toEqual(
        new Map([
          [401, 100],
          [429, 100],
        ]),
      );
      expect(await statusOf(server.url, dialect, apiKey, account.publicId, from)).toBe(200);
      const elsewhere = { 'x-forwarded-for': '198.51.100.200' };
      expect(await statusOf(server.url, dialect, wrongKey, account.publicId, elsewhere)).toBe(401);
    },
  );

  it('is counted by the address that a trusted proxy names, and by the caller’s own without one', async () => {
    const claim = (n: number) => ({ 'x-forwarded-for': `203.0.113.${n % 250}` });
    let n = 0;
    const untrusting = await askTimes(150, () => statusOf(otherUrl, 'numex', wrongKey, '', claim(n++)));
    expect(untrusting.get(429)).toBe(50);
    const trusting = await askTimes(150, () => statusOf(server.url, 'numex', wrongKey, '', claim(n++)));
    expect(trusting.get(401)).toBe(150);
  });

  it('costs nothing when no key is sent, so that a health check without one never waits', async () => {
    const counts = await askTimes(150, async () => {
      const response = await fetch(`${otherUrl}/numex/v1/account`);
      await response.arrayBuffer();
      return response.status;
    });
    expect(counts).toEqual(new Map([[401, 150]]));
  });
});
