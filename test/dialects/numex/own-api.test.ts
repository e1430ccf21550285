import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, at } from '../../support/request.js';
import type { Answer } from '../../support/request.js';
import { startTestServer } from '../../support/server.js';
import type { TestServer, TestTenant } from '../../support/server.js';

let server: TestServer;
let tenant: TestTenant;
let admin: string;
let nextLine = 1000;

const get = (path: string, key: string | undefined = tenant.apiKey): Promise<Answer> =>
  ask(server.url, key, 'GET', `/numex/v1${path}`);
const post = (path: string, body: unknown, key = tenant.apiKey, headers: Record<string, string> = {}) =>
  ask(server.url, key, 'POST', `/numex/v1${path}`, body, headers);
const del = (path: string, key = tenant.apiKey) => ask(server.url, key, 'DELETE', `/numex/v1${path}`);

async function freshNumber(): Promise<string> {
  const number = `+1213557${nextLine++}`;
  await server.addNumbers([number]);
  return number;
}

function expectProblem(answer: Answer, status: number, code: string): void {
  expect(answer.status).toBe(status);
  expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  expect(answer.body).toMatchObject({
    status,
    code,
    type: `urn:numex:error:${code}`,
    title: expect.any(String) as string,
  });
  expect(String(at(answer.body, 'detail'))).not.toBe('');
  expect(at(answer.body, 'request_id')).toBe(answer.headers.get('x-request-id'));
}

beforeAll(async () => {
  server = await startTestServer();
  tenant = await server.createTenant({ balances: { USD: 100_000, EUR: 5_000 } });
  admin = await server.createAdminKey();
  await server.addNumbers(['+12135551234', '+14155551234', '+31204567890', '+18005550100']);
});

afterAll(() => server.close());

describe('the main job', () => {
  it('finds a number in Los Angeles, holds it, buys it, lists it and gives it up', async () => {
    const found = await get('/numbers?country=US&city_id=456&type=local&contains=5551234');
    expect(found.status).toBe(200);
    expect(at(found.body, 'data.0')).toMatchObject({
      number: '+12135551234',
      group_id: 'abc-123',
      country: 'US',
      type: 'local',
    });
    const held = await post('/reservations', { number: '+12135551234' });
    expect(held.status).toBe(201);
    expect(at((await get('/numbers?contains=2135551234')).body, 'data')).toEqual([]);
    const order = await post('/orders', {
      lines: [{ reservation_id: at(held.body, 'id') }],
      currency: 'EUR',
    });
    expect(order.status).toBe(201);
    expect(at(order.body, 'results.0')).toMatchObject({
      ok: true,
      number: '+12135551234',
      state: 'active',
      price: { currency: 'EUR', setup_minor: 0, recurring_minor: 500, cycle: '28d' },
      started_at: '2026-03-04T09:30:00.000Z',
      next_charge_at: '2026-04-01T09:30:00.000Z',
    });
    const rental = String(at(order.body, 'results.0.rental_id'));
    expect(at((await get('/rentals')).body, 'data.0.id')).toBe(rental);
    expect((await get(`/rentals/${rental}`)).body).toMatchObject({
      id: rental,
      state: 'active',
      label: null,
      tags: [],
    });
    expect((await get(`/orders/${String(at(order.body, 'id'))}`)).body).toEqual(order.body);
    expect((await get('/owed?days=60')).body).toMatchObject({
      totals: [{ amount_minor: 1000, currency: 'EUR' }],
    });
    const released = await del(`/rentals/${rental}`);
    expect(released.body).toMatchObject({
      state: 'pending_release',
      reclaim_until: '2026-03-11T09:30:00.000Z',
    });
    expectProblem(await del(`/rentals/${rental}`), 409, 'wrong_state');
    expect((await del(`/rentals/${rental}?leaves=now`)).body).toMatchObject({ state: 'ended' });
    expectProblem(await get(`/rentals/${rental}`), 404, 'not_found');
  });

  it('shows money as it moves', async () => {
    const number = await freshNumber();
    await post('/orders', { lines: [{ number }], currency: 'USD' });
    expect((await get('/wallets')).body).toMatchObject({
      data: [{ currency: 'USD', balance_minor: 99_650 }, { currency: 'EUR' }],
    });
    const transfers = await get('/wallets/USD/transfers?limit=1');
    expect(at(transfers.body, 'data.0')).toMatchObject({
      kind: 'rental',
      direction: 'debit',
      amount_minor: 350,
      cycle_number: 0,
    });
    const next = await get(
      `/wallets/USD/transfers?limit=1&cursor=${String(at(transfers.body, 'next_cursor'))}`,
    );
    expect(at(next.body, 'data.0')).toMatchObject({
      kind: 'deposit',
      direction: 'credit',
      amount_minor: 100_000,
    });
    expectProblem(await get('/wallets/GBP/transfers'), 402, 'no_wallet');
  });

  it('browses countries, regions, cities, groups and requirements', async () => {
    expect(at((await get('/countries')).body, 'data')).toContainEqual({
      code: 'US',
      name: 'United States',
      calling_code: '1',
      local_presence: false,
    });
    expect(at((await get('/regions?country=us')).body, 'data')).toContainEqual({
      id: 123,
      country: 'US',
      code: 'US-CA',
      name: 'California',
    });
    expect(at((await get('/cities?country=US&region_id=123&name=los%20ang')).body, 'data')).toContainEqual({
      id: 456,
      country: 'US',
      region_id: 123,
      name: 'Los Angeles',
      time_zone: 'America/Los_Angeles',
    });
    const group = await get('/groups/abc-123?currency=USD');
    expect(group.body).toMatchObject({
      id: 'abc-123',
      prefix: '+1 (213)',
      price: { setup_minor: 100, recurring_minor: 250 },
    });
    await freshNumber();
    expect(at((await get('/groups?country=US&city_id=456')).body, 'data.0.id')).toBe('abc-123');
    expect(at((await get('/requirements?country=DE&type=local')).body, 'data.0')).toMatchObject({
      needs_registration: true,
      address_scope: 'area',
    });
  });

  it('extends and cancels a hold', async () => {
    const number = await freshNumber();
    const held = await post('/reservations', { number });
    const id = String(at(held.body, 'id'));
    server.clock.advance(600);
    expect((await post(`/reservations/${id}/extend`, {})).body).toEqual({
      id,
      expires_at: server.clock
        .now()
        .toISOString()
        .replace(
          /^(.*)T(\d\d)/,
          (_, day: string, hour: string) => `${day}T${String(Number(hour) + 1).padStart(2, '0')}`,
        ),
    });
    expect((await get(`/reservations/${id}`)).status).toBe(200);
    expect((await del(`/reservations/${id}`)).body).toEqual({ id, cancelled: true });
    expectProblem(await del(`/reservations/${id}`), 404, 'not_found');
    expect(at((await get(`/numbers?contains=${number.slice(2)}`)).body, 'data.0.number')).toBe(number);
  });

  it('finds phonewords and patterns', async () => {
    await server.addNumbers(['+18003569377']);
    for (const query of [
      'pattern=1800FLOWERS',
      'ends_with=FLOWERS',
      'pattern=*356?377',
      'contains=flowers',
      'starts_with=180035',
    ]) {
      expect(at((await get(`/numbers?country=US&${query}`)).body, 'data.0.number')).toBe('+18003569377');
    }
    const excluded = await get('/numbers?country=US&contains=flowers&exclude=1800&exclude=44');
    expect(at(excluded.body, 'data')).toEqual([]);
  });
});

describe('who may do what', () => {
  it('refuses a missing, unknown and revoked key at once', async () => {
    expectProblem(await ask(server.url, undefined, 'GET', '/numex/v1/wallets'), 401, 'unauthenticated');
    expectProblem(await get('/wallets', 'nx_live_nonsense'), 401, 'unauthenticated');
    const made = await post('/account/keys', { scope: 'full' });
    const key = String(at(made.body, 'api_key'));
    expect((await get('/wallets', key)).status).toBe(200);
    expect((await del(`/account/keys/${String(at(made.body, 'id'))}`)).status).toBe(200);
    expectProblem(await get('/wallets', key), 401, 'unauthenticated');
  });

  it('lets a read key read and nothing else', async () => {
    const key = String(at((await post('/account/keys', { scope: 'read' })).body, 'api_key'));
    expect((await get('/rentals', key)).status).toBe(200);
    expectProblem(await post('/reservations', { number: '+14155551234' }, key), 403, 'read_only_key');
    expectProblem(await post('/orders', { lines: [{ number: '+14155551234' }] }, key), 403, 'read_only_key');
  });

  it('keeps the operator’s routes to admin keys, and tenants’ routes to tenants', async () => {
    expectProblem(await post('/accounts', { name: 'X' }), 403, 'forbidden');
    expectProblem(
      await post(`/accounts/${tenant.account.publicId}/deposits`, { amount_minor: 1, currency: 'EUR' }),
      403,
      'forbidden',
    );
    expectProblem(await get('/wallets', admin), 403, 'forbidden');
    const made = await post('/accounts', { name: 'Second', environment: 'test', currency: 'EUR' }, admin);
    expect(made.status).toBe(201);
    const id = String(at(made.body, 'id'));
    expect(
      (await post(`/accounts/${id}/deposits`, { amount_minor: 1234, currency: 'EUR' }, admin)).body,
    ).toMatchObject({ balance_minor: 1234 });
    const key = String(at((await post(`/accounts/${id}/keys`, { scope: 'full' }, admin)).body, 'api_key'));
    expect((await get('/account', key)).body).toMatchObject({ id, kind: 'master', environment: 'test' });
    expect(at((await get('/numbers?country=US', key)).body, 'data')).toEqual([]);
    expect((await post(`/accounts/${id}/block`, {}, admin)).body).toMatchObject({ status: 'blocked' });
    expectProblem(await get('/account', key), 403, 'account_blocked');
    expect((await post(`/accounts/${id}/unblock`, {}, admin)).body).toMatchObject({ status: 'active' });
  });

  it('shows nothing of another tenant', async () => {
    const stranger = await server.createTenant();
    const number = await freshNumber();
    const order = await post('/orders', { lines: [{ number }] });
    const held = await post('/reservations', { number: await freshNumber() });
    const rental = String(at(order.body, 'results.0.rental_id'));
    const hold = String(at(held.body, 'id'));
    expectProblem(await get(`/rentals/${rental}`, stranger.apiKey), 404, 'not_found');
    expectProblem(await del(`/rentals/${rental}`, stranger.apiKey), 404, 'not_found');
    expectProblem(await get(`/orders/${String(at(order.body, 'id'))}`, stranger.apiKey), 404, 'not_found');
    expectProblem(await get(`/reservations/${hold}`, stranger.apiKey), 404, 'not_found');
    expectProblem(await del(`/reservations/${hold}`, stranger.apiKey), 404, 'not_found');
    expectProblem(
      await post('/orders', { lines: [{ reservation_id: hold }] }, stranger.apiKey),
      404,
      'not_found',
    );
    expectProblem(await get(`/accounts/${tenant.account.publicId}`, stranger.apiKey), 404, 'not_found');
    expect((await get(`/rentals/${rental}`)).status).toBe(200);
  });
});

describe('idempotency keys', () => {
  it('give a repeat the first answer, on every kind of write', async () => {
    const key = () => ({ 'idempotency-key': `k-${nextLine}` });
    const number = await freshNumber();
    const buy = () => post('/orders', { lines: [{ number }] }, tenant.apiKey, key());
    const first = await buy();
    expect((await buy()).body).toEqual(first.body);
    const other = await freshNumber();
    const reserve = () => post('/reservations', { number: other }, tenant.apiKey, key());
    const held = await reserve();
    expect((await reserve()).body).toEqual(held.body);
    nextLine++;
    const path = `/accounts/${tenant.account.publicId}/deposits`;
    const put = () => post(path, { amount_minor: 100, currency: 'EUR' }, admin, key());
    const deposited = await put();
    expect((await put()).body).toEqual(deposited.body);
    nextLine++;
    const cancel = () =>
      ask(
        server.url,
        tenant.apiKey,
        'DELETE',
        `/numex/v1/reservations/${String(at(held.body, 'id'))}`,
        undefined,
        key(),
      );
    expect((await cancel()).body).toEqual((await cancel()).body);
  });

  it('give a repeat the first answer though the hold that it bought is gone', async () => {
    const reserve = async () =>
      String(at((await post('/reservations', { number: await freshNumber() })).body, 'id'));
    const [bought, expired] = [await reserve(), await reserve()];
    const buy = (reservation: string, key: string) =>
      post('/orders', { lines: [{ reservation_id: reservation }] }, tenant.apiKey, {
        'idempotency-key': key,
      });
    const first = await buy(bought, 'by-hold');
    expect(first.status).toBe(201);
    expect((await buy(bought, 'by-hold')).body).toEqual(first.body);
    expectProblem(await buy(bought, 'by-hold-again'), 404, 'not_found');
    server.clock.advance(3600);
    const { body } = await post('/orders', {
      lines: [{ reservation_id: expired }, { number: await freshNumber() }],
      mode: 'best_effort',
    });
    expect([at(body, 'results.0.error.code'), at(body, 'results.1.ok')]).toEqual(['not_found', true]);
  });

  it('refuse another request, and a key that is none', async () => {
    const headers = { 'idempotency-key': 'reused' };
    await post('/orders', { lines: [{ number: await freshNumber() }] }, tenant.apiKey, headers);
    const other = await post('/orders', { lines: [{ number: await freshNumber() }] }, tenant.apiKey, headers);
    expectProblem(other, 422, 'idempotency_key_reused');
    expectProblem(
      await post('/orders', { lines: [] }, tenant.apiKey, { 'idempotency-key': 'x'.repeat(256) }),
      400,
      'invalid_input',
    );
  });

  it('never keep a secret', async () => {
    const make = () =>
      post('/account/keys', { scope: 'read' }, tenant.apiKey, { 'idempotency-key': 'secret' });
    const first = await make();
    expect(String(at(first.body, 'api_key'))).toMatch(/^nx_live_[0-9a-f]{48}$/);
    expect((await make()).body).toEqual({ ...(first.body as object), api_key: null });
  });
});

describe('bad input', () => {
  const wrong: [string, unknown][] = [
    ['/orders', undefined],
    ['/orders', '{'],
    ['/orders', []],
    ['/orders', {}],
    ['/orders', { lines: [] }],
    ['/orders', { lines: [{}] }],
    ['/orders', { lines: [{ number: 12135551234 }] }],
    ['/orders', { lines: [{ number: '+12135551234', colour: 'red' }] }],
    ['/orders', { lines: [{ number: '+12135551234', max_price_minor: -1 }] }],
    ['/orders', { lines: [{ number: '+12135551234' }], mode: 'some' }],
    ['/orders', { lines: [{ number: '+12135551234' }], currency: 'euro' }],
    ['/orders', { lines: Array.from({ length: 101 }, () => ({ number: '+12135551234' })) }],
    ['/reservations', {}],
    ['/reservations', { number: null }],
  ];
  it.each(wrong)('to %s with %j gets 400 that says why', async (path, body) => {
    const answer = await post(path, body);
    expect(answer.status).toBe(400);
    expect(['invalid_input', 'missing_input']).toContain(at(answer.body, 'code'));
  });

  it.each([
    '/numbers?country=USA',
    '/numbers?limit=0',
    '/numbers?limit=101',
    '/numbers?limit=x',
    '/numbers?cursor=nonsense',
    '/numbers?contains=%00',
    '/numbers?contains=',
    '/numbers?type=landline',
    '/numbers?colour=red',
    '/numbers?features=fax',
    '/groups',
    '/groups?country=US&cursor=1~abcdefgh',
    '/rentals?cursor=zz',
    '/owed?days=0',
    '/wallets/usd/transfers',
  ])('in %s gets 400', async (path) => {
    expect((await get(path)).status).toBe(400);
  });

  it.each([
    '/rentals/ren_',
    '/rentals/ren_zzzzzzzzzzzzzzz',
    '/rentals/%00',
    '/rentals/..%2f..',
    '/orders/ord_1x',
    '/groups/none',
    '/nothing',
    '/reservations/res_99999',
  ])('in %s gets 404', async (path) => {
    expectProblem(await get(path), 404, 'not_found');
  });

  it('finds nothing, and fails nothing, for places that do not exist', async () => {
    for (const query of ['country=ZZ', 'city_id=-1', 'region_id=2147483647', 'starts_with=999999999999999']) {
      expect(at((await get(`/numbers?${query}`)).body, 'data')).toEqual([]);
    }
  });
});

describe('the edges of the server', () => {
  it('keeps a caller’s request id, and puts one on every answer', async () => {
    const answer = await ask(server.url, tenant.apiKey, 'GET', '/numex/v1/account', undefined, {
      'x-request-id': 'mine-1',
    });
    expect(answer.headers.get('x-request-id')).toBe('mine-1');
    expect((await get('/account')).headers.get('x-request-id')).toMatch(/^req_/);
  });

  it('writes the request id into the audit row of each change', async () => {
    const number = await freshNumber();
    await post('/orders', { lines: [{ number }] }, tenant.apiKey, { 'x-request-id': 'audited-1' });
    const rows = await server.sql`select action from audit_entry where request_id = 'audited-1'`;
    expect(rows).toEqual([{ action: 'number.buy' }]);
  });

  it('tells its health, its metrics and its API reference', async () => {
    expect((await ask(server.url, undefined, 'GET', '/health')).status).toBe(200);
    expect(String((await ask(server.url, undefined, 'GET', '/metrics')).body)).toMatch(
      /numex_desk_batch_size_count \d+/,
    );
    expect(String((await ask(server.url, undefined, 'GET', '/docs/')).body)).toMatch(/swagger/i);
    const reference = await ask(server.url, undefined, 'GET', '/docs/json');
    expect(at(reference.body, 'openapi')).toBe('3.1.0');
    expect(Object.keys(at(reference.body, 'paths') as object)).toContain('/numex/v1/orders');
  });

  it('limits requests per key and says how many are left', async () => {
    const limited = await startTestServer({ rateLimits: true });
    try {
      const { apiKey } = await limited.createTenant();
      const answers = await Promise.all(
        Array.from({ length: 601 }, () => ask(limited.url, apiKey, 'GET', '/numex/v1/account')),
      );
      const refused = answers.filter((answer) => answer.status === 429);
      expect(refused).toHaveLength(1);
      const [first] = refused;
      if (first) expectProblem(first, 429, 'rate_limited');
      expect(Number(first?.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(answers[0]?.headers.get('ratelimit')).toMatch(/^"minute";r=\d+;t=\d+$/);
    } finally {
      await limited.close();
    }
  });
});
