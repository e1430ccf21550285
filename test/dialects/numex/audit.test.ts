import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCli } from '../../../src/cli/main.js';
import { ask, at } from '../../support/request.js';
import { startTestServer } from '../../support/server.js';
import type { TestServer, TestTenant } from '../../support/server.js';

let server: TestServer;
let adminKey: string;
let tenant: TestTenant;
let stranger: TestTenant;
const number = '+12135551234';

beforeAll(async () => {
  server = await startTestServer();
  adminKey = await server.createAdminKey();
  await server.addNumbers([number, '+12135551235']);
  tenant = await server.createTenant({ name: 'Tenant' });
  stranger = await server.createTenant({ name: 'Stranger' });
  server.clock.advance(3600);
  const bought = await ask(
    server.url,
    tenant.apiKey,
    'POST',
    '/numex/v1/orders',
    { lines: [{ number }] },
    { 'x-request-id': 'buy-1' },
  );
  expect(bought.status).toBe(201);
});

afterAll(() => server.close());

const get = (path: string, key = adminKey) => ask(server.url, key, 'GET', `/numex/v1${path}`);

const actionsOf = (body: unknown): unknown[] =>
  (at(body, 'data') as { action: unknown }[]).map((e) => e.action);

test('an entry of a purchase names account, number, request and rental', async () => {
  const { status, body } = await get('/audit?request_id=buy-1');
  expect(status).toBe(200);
  expect(at(body, 'data')).toEqual([
    {
      id: expect.stringMatching(/^aud_/) as string,
      at: '2026-03-04T10:30:00.000Z',
      environment: 'live',
      account: tenant.account.publicId,
      actor: expect.stringMatching(/^key:\d+$/) as string,
      action: 'number.buy',
      subject: { kind: 'rental', id: expect.stringMatching(/^ren_/) as string },
      number,
      request_id: 'buy-1',
      details: expect.objectContaining({ number }) as object,
    },
  ]);
});

test('filters by account, number, action and time', async () => {
  const { publicId } = tenant.account;
  expect(actionsOf((await get(`/audit?number=${encodeURIComponent(number)}`)).body)).toEqual(['number.buy']);
  expect(actionsOf((await get(`/audit?account=${publicId}&action=account.create`)).body)).toEqual([
    'account.create',
  ]);
  expect(actionsOf((await get(`/audit?account=${publicId}&from=2026-03-04T10:00:00Z`)).body)).toEqual([
    'number.buy',
  ]);
  const early = actionsOf((await get(`/audit?account=${publicId}&until=2026-03-04T10:00:00Z`)).body);
  expect(early).toContain('account.create');
  expect(early).not.toContain('number.buy');
  expect((await get('/audit?number=%2B12135551234&environment=test')).body).toEqual({
    data: [],
    next_cursor: null,
  });
});

test('an account’s key sees its own entries only', async () => {
  const own = await get('/audit', tenant.apiKey);
  const accounts = new Set((at(own.body, 'data') as { account: string }[]).map((entry) => entry.account));
  expect([...accounts]).toEqual([tenant.account.publicId]);
  expect(actionsOf(own.body)).toContain('number.buy');
  expect(actionsOf((await get('/audit?request_id=buy-1', stranger.apiKey)).body)).toEqual([]);
  expect((await get(`/audit?account=${tenant.account.publicId}`, stranger.apiKey)).status).toBe(404);
});

test('a cursor leads through all pages, and belongs to its filters', async () => {
  const { publicId } = tenant.account;
  const whole = await get(`/audit?account=${publicId}`);
  const first = await get(`/audit?account=${publicId}&limit=2`);
  expect(at(first.body, 'data')).toHaveLength(2);
  const cursor = at(first.body, 'next_cursor') as string;
  const rest = await get(`/audit?account=${publicId}&limit=100&cursor=${cursor}`);
  expect([...actionsOf(first.body), ...actionsOf(rest.body)]).toEqual(actionsOf(whole.body));
  expect((await get(`/audit?cursor=${cursor}`)).status).toBe(400);
});

test.each([
  '/audit?from=yesterday',
  '/audit?limit=1000',
  '/audit?sort=asc',
  `/numbers/${encodeURIComponent(number)}/holder`,
])('refused: %s', async (path) => {
  expect((await get(path)).status).toBe(400);
});

test('the operator asks who had a number when', async () => {
  const held = await get(`/numbers/${encodeURIComponent(number)}/holder?at=2026-03-05T00:00:00Z`);
  expect([held.status, held.body]).toEqual([
    200,
    {
      number,
      number_id: expect.stringMatching(/^num_/) as string,
      at: '2026-03-05T00:00:00.000Z',
      holder: {
        account: tenant.account.publicId,
        name: 'Tenant',
        rental_id: expect.stringMatching(/^ren_/) as string,
        since: '2026-03-04T10:30:00.000Z',
        until: null,
      },
    },
  ]);
  const before = await get(`/numbers/${encodeURIComponent(number)}/holder?at=2026-03-04T10:29:59Z`);
  expect(at(before.body, 'holder')).toBeNull();
  expect((await get('/numbers/%2B12135559999/holder?at=2026-03-05T00:00:00Z')).status).toBe(404);
  const asTenant = await get(
    `/numbers/${encodeURIComponent(number)}/holder?at=2026-03-05T00:00:00Z`,
    tenant.apiKey,
  );
  expect(asTenant.status).toBe(403);
});

async function cli(...args: string[]): Promise<{ code: number; out: unknown; err: string }> {
  let out = '';
  let err = '';
  const code = await runCli([...args, '--json'], {
    openDatabase: () =>
      Promise.resolve({ url: server.databaseUrl, pool: server.sql, close: () => Promise.resolve() }),
    runServer: () => Promise.resolve(),
    out: (text) => (out += text),
    err: (text) => (err += text),
  });
  return { code, out: out === '' ? undefined : (JSON.parse(out) as unknown), err };
}

test('the command line lists entries and tells who had a number', async () => {
  const listed = await cli(
    'audit',
    '--number',
    number,
    '--account',
    tenant.account.publicId,
    '--request',
    'buy-1',
  );
  expect(at(listed.out, 'entries')).toMatchObject([{ action: 'number.buy', number, request_id: 'buy-1' }]);
  const page = await cli('audit', '--limit', '1');
  expect(at(page.out, 'entries')).toHaveLength(1);
  const next = await cli('audit', '--limit', '1', '--before', String(at(page.out, 'next_before')));
  expect(at(next.out, 'entries.0.id')).toBeLessThan(at(page.out, 'entries.0.id') as number);
  const timed = await cli('audit', '--from', '2026-03-04T10:30:00Z', '--until', '2026-03-05');
  expect(at(timed.out, 'entries')).toMatchObject([{ action: 'number.buy' }]);
  const holder = await cli('audit', 'holder', number, '--at', '2026-03-05T00:00:00Z');
  expect(holder).toMatchObject({ code: 0, out: { number, holder: { account: tenant.account.publicId } } });
  const sandbox = await cli('audit', 'holder', number, '--at', '2026-03-05', '--environment', 'test');
  expect(sandbox.code).toBe(1);
  expect((await cli('audit', 'holder', number)).code).toBe(2);
  expect((await cli('audit', '--from', 'yesterday')).code).toBe(2);
});

test('the command line shows the last seal', async () => {
  expect((await cli('audit', 'seal')).out).toEqual({
    seq: 0,
    hash: '0'.repeat(64),
    entries: 0,
    sealed_at: '1970-01-01T00:00:00.000Z',
  });
});
