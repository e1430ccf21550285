import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, at } from '../../support/request.js';
import { startTestServer } from '../../support/server.js';
import type { TestServer, TestTenant } from '../../support/server.js';

let server: TestServer;
let admin: string;
let next = 2_135_550_100;

beforeAll(async () => {
  server = await startTestServer();
  admin = await server.createAdminKey();
});
afterAll(() => server.close());

const call = (key: string, method: string, path: string, body?: unknown, headers?: Record<string, string>) =>
  ask(server.url, key, method, `/numex/v1${path}`, body, headers);

async function rent({ apiKey }: TestTenant): Promise<{ rental: string; number: string }> {
  const number = `+1${next++}`;
  await server.addNumbers([number]);
  const order = await call(apiKey, 'POST', '/orders', { lines: [{ number }] });
  return { rental: String(at(order.body, 'results.0.rental_id')), number };
}

const balance = async (key: string, currency = 'USD') => {
  const wallets = at((await call(key, 'GET', '/wallets')).body, 'data') as {
    currency: string;
    balance_minor: number;
  }[];
  return wallets.find((wallet) => wallet.currency === currency)?.balance_minor;
};

describe('a release that is undone', () => {
  it('brings back the number with its price, tags, label and everything it pointed at', async () => {
    const tenant = await server.createTenant();
    const { apiKey: key } = tenant;
    const { rental } = await rent(tenant);
    const agent = at((await call(key, 'POST', '/agents', { name: 'Desk' })).body, 'id');
    const trunk = at(
      (await call(key, 'POST', '/trunks', { name: 'T', domain: 'sip.example.com' })).body,
      'id',
    );
    const app = at((await call(key, 'POST', '/applications', { name: 'A' })).body, 'id');
    await call(key, 'PUT', `/rentals/${rental}/assignment`, { agent_id: agent });
    await call(key, 'PUT', `/rentals/${rental}/assignment`, { trunk_id: trunk });
    await call(key, 'PUT', `/rentals/${rental}/assignment`, { application_id: app });
    await call(key, 'PATCH', `/rentals/${rental}`, { tags: ['intake', 'nl'], label: 'Front' });
    const before = (await call(key, 'GET', `/rentals/${rental}`)).body;
    expect(at(before, 'assignments.length')).toBe(3);

    await call(key, 'DELETE', `/rentals/${rental}`);
    const pending = (await call(key, 'GET', `/rentals/${rental}`)).body;
    expect([at(pending, 'state'), at(pending, 'assignments')]).toEqual(['pending_release', []]);
    server.clock.advance(60);
    const reclaimed = await call(key, 'POST', `/rentals/${rental}/reclaim`);
    expect(reclaimed.status).toBe(200);
    expect(at(reclaimed.body, 'state')).toBe('active');

    const after = (await call(key, 'GET', `/rentals/${rental}`)).body as Record<string, unknown>;
    const strip = (assignments: unknown) =>
      (assignments as Record<string, unknown>[]).map((a) => ({ ...a, assigned_at: null }));
    expect({ ...after, assignments: strip(after['assignments']) }).toEqual({
      ...(before as object),
      assignments: strip(at(before, 'assignments')),
    });
  });

  it('twice at one instant of a clock that stands still brings back what it pointed at last', async () => {
    const tenant = await server.createTenant();
    const { apiKey: key } = tenant;
    const { rental } = await rent(tenant);
    const agent = at((await call(key, 'POST', '/agents', { name: 'Desk' })).body, 'id');
    const trunk = at(
      (await call(key, 'POST', '/trunks', { name: 'T', domain: 'sip.example.com' })).body,
      'id',
    );
    await call(key, 'PUT', `/rentals/${rental}/assignment`, { agent_id: agent });
    await call(key, 'PUT', `/rentals/${rental}/assignment`, { trunk_id: trunk });
    const releaseAndReclaim = async () => {
      await call(key, 'DELETE', `/rentals/${rental}`);
      const reclaimed = await call(key, 'POST', `/rentals/${rental}/reclaim`);
      const after = (await call(key, 'GET', `/rentals/${rental}`)).body;
      const kinds = (at(after, 'assignments') as { kind: string }[]).map((a) => a.kind);
      return [reclaimed.status, ...kinds.sort()];
    };
    expect(await releaseAndReclaim()).toEqual([200, 'agent', 'trunk']);
    expect(await releaseAndReclaim()).toEqual([200, 'agent', 'trunk']);
    await call(key, 'DELETE', `/rentals/${rental}/assignment?kind=trunk`);
    expect(await releaseAndReclaim()).toEqual([200, 'agent']);
  });

  it('leaves out what has been deleted meanwhile, and all of it when asked to', async () => {
    const tenant = await server.createTenant();
    const { apiKey: key } = tenant;
    const { rental } = await rent(tenant);
    const [agent, trunk] = [
      at((await call(key, 'POST', '/agents', { name: 'Desk' })).body, 'id'),
      at((await call(key, 'POST', '/trunks', { name: 'T', domain: 'sip.example.com' })).body, 'id'),
    ];
    await call(key, 'PUT', `/rentals/${rental}/assignment`, { agent_id: agent });
    await call(key, 'PUT', `/rentals/${rental}/assignment`, { trunk_id: trunk });
    await call(key, 'DELETE', `/rentals/${rental}`);
    await call(key, 'DELETE', `/agents/${String(agent)}`);
    await call(key, 'POST', `/rentals/${rental}/reclaim`);
    const kinds = async () =>
      (at((await call(key, 'GET', `/rentals/${rental}`)).body, 'assignments') as { kind: string }[]).map(
        (a) => a.kind,
      );
    expect(await kinds()).toEqual(['trunk']);
    server.clock.advance(1);
    await call(key, 'DELETE', `/rentals/${rental}`);
    await call(key, 'POST', `/rentals/${rental}/reclaim?assignments=leave`);
    expect(await kinds()).toEqual([]);
  });

  it('is possible until the instant the window ends, and not at it', async () => {
    const tenant = await server.createTenant();
    const [one, two] = [await rent(tenant), await rent(tenant)];
    for (const { rental } of [one, two]) await call(tenant.apiKey, 'DELETE', `/rentals/${rental}`);
    server.clock.advance(7 * 86_400 - 1);
    expect((await call(tenant.apiKey, 'POST', `/rentals/${one.rental}/reclaim`)).status).toBe(200);
    server.clock.advance(1);
    const late = await call(tenant.apiKey, 'POST', `/rentals/${two.rental}/reclaim`);
    expect([late.status, at(late.body, 'code')]).toEqual([404, 'not_found']);
  });

  it('charges the cycles that began meanwhile, once each and dated by their due times', async () => {
    const tenant = await server.createTenant({ balances: { EUR: 2000 } });
    const { apiKey: key } = tenant;
    const { rental } = await rent(tenant);
    const started = server.clock.now();
    server.clock.advance(27 * 86_400);
    await call(key, 'DELETE', `/rentals/${rental}`);
    server.clock.advance(2 * 86_400);
    const reclaimed = await call(key, 'POST', `/rentals/${rental}/reclaim`);
    expect(at(reclaimed.body, 'charged_minor')).toBe(500);
    expect(await balance(key, 'EUR')).toBe(1000);
    const next = new Date(started.getTime() + 56 * 86_400_000).toISOString();
    expect(at((await call(key, 'GET', `/rentals/${rental}`)).body, 'next_charge_at')).toBe(next);
    const [charge] = await server.sql`
      select cycle_number, created_at from transfer where kind = 'rental' order by id desc limit 1`;
    expect(charge).toEqual({ cycle_number: 1, created_at: new Date(started.getTime() + 28 * 86_400_000) });
  });

  it('is refused whole when the wallet does not cover those cycles', async () => {
    const tenant = await server.createTenant({ balances: { EUR: 700 } });
    const { rental } = await rent(tenant);
    server.clock.advance(27 * 86_400);
    await call(tenant.apiKey, 'DELETE', `/rentals/${rental}`);
    server.clock.advance(2 * 86_400);
    const refused = await call(tenant.apiKey, 'POST', `/rentals/${rental}/reclaim`);
    expect([refused.status, at(refused.body, 'code')]).toEqual([402, 'insufficient_funds']);
    expect(at((await call(tenant.apiKey, 'GET', `/rentals/${rental}`)).body, 'state')).toBe(
      'pending_release',
    );
    expect(await balance(tenant.apiKey, 'EUR')).toBe(200);
  });

  it('is refused for a number that is not being released, and for another account’s', async () => {
    const [tenant, other] = [await server.createTenant(), await server.createTenant()];
    const { rental } = await rent(tenant);
    const active = await call(tenant.apiKey, 'POST', `/rentals/${rental}/reclaim`);
    expect([active.status, at(active.body, 'code')]).toEqual([409, 'wrong_state']);
    await call(tenant.apiKey, 'DELETE', `/rentals/${rental}`);
    expect((await call(other.apiKey, 'POST', `/rentals/${rental}/reclaim`)).status).toBe(404);
  });
});

describe('a release fee', () => {
  it('is charged once with the release and comes back with the reclaim', async () => {
    const tenant = await server.createTenant();
    const { apiKey: key, account } = tenant;
    const set = await call(admin, 'PUT', `/accounts/${account.publicId}/release-fees/USD`, {
      amount_minor: 150,
    });
    expect(set.body).toEqual({ amount_minor: 150, currency: 'USD' });
    const { rental } = await rent(tenant);
    const paid = await balance(key);
    const released = await call(key, 'DELETE', `/rentals/${rental}?leaves=after_cancel_window`);
    expect(at(released.body, 'fee_minor')).toBe(150);
    expect(await balance(key)).toBe((paid ?? 0) - 150);
    const back = await call(key, 'POST', `/rentals/${rental}/reclaim`);
    expect(at(back.body, 'refunded_minor')).toBe(150);
    expect(await balance(key)).toBe(paid);
    await call(key, 'DELETE', `/rentals/${rental}?leaves=after_cancel_window`);
    expect(at((await call(key, 'DELETE', `/rentals/${rental}?leaves=now`)).body, 'fee_minor')).toBe(150);
    expect(await balance(key)).toBe((paid ?? 0) - 150);
  });

  it('that cannot be paid leaves the number where it is', async () => {
    const tenant = await server.createTenant({ balances: { USD: 400 } });
    await call(admin, 'PUT', `/accounts/${tenant.account.publicId}/release-fees/USD`, { amount_minor: 900 });
    const { rental } = await rent(tenant);
    const refused = await call(tenant.apiKey, 'DELETE', `/rentals/${rental}`);
    expect([refused.status, at(refused.body, 'code')]).toEqual([402, 'insufficient_funds']);
    expect(at((await call(tenant.apiKey, 'GET', `/rentals/${rental}`)).body, 'state')).toBe('active');
  });

  it('is the operator’s to set, and not seen by others', async () => {
    const [tenant, other] = [await server.createTenant(), await server.createTenant()];
    const path = `/accounts/${tenant.account.publicId}/release-fees`;
    expect((await call(tenant.apiKey, 'PUT', `${path}/USD`, { amount_minor: 0 })).status).toBe(403);
    expect((await call(other.apiKey, 'GET', path)).status).toBe(404);
    expect((await call(tenant.apiKey, 'GET', path)).body).toEqual({ data: [] });
  });
});

describe('tags and label', () => {
  it.each([
    [{ tags: Array.from({ length: 21 }, (_, i) => `t${i}`) }],
    [{ tags: ['x'.repeat(51)] }],
    [{ tags: [' '] }],
    [{ tags: ['a\u0000'] }],
    [{ tags: 'a' }],
    [{ label: '' }],
    [{ label: 'x'.repeat(101) }],
  ])('refuse %j', async (body) => {
    const tenant = await server.createTenant();
    const { rental } = await rent(tenant);
    expect((await call(tenant.apiKey, 'PATCH', `/rentals/${rental}`, body)).status).toBe(400);
  });

  it('count characters, keep repeated tags once, and leave what is not given', async () => {
    const tenant = await server.createTenant();
    const { rental } = await rent(tenant);
    const tags = ['b', 'a', 'b', '🦜'.repeat(50)];
    await call(tenant.apiKey, 'PATCH', `/rentals/${rental}`, { tags });
    const answer = await call(tenant.apiKey, 'PATCH', `/rentals/${rental}`, { label: 'Main' });
    expect(at(answer.body, 'tags')).toEqual(['b', 'a', '🦜'.repeat(50)]);
    expect(at(answer.body, 'label')).toBe('Main');
  });
});
