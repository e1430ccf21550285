import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ask, at } from '../../support/request.js';
import type { Answer } from '../../support/request.js';
import { startTestServer } from '../../support/server.js';
import type { TestServer, TestTenant } from '../../support/server.js';
import { webhookJobs } from '../../../src/server/webhook-jobs.js';
import { deliveryJob, fanOut, happen, makeEndpoint, systemContext } from '../../support/webhook-exchange.js';
import { Receiver } from '../../support/webhook-receiver.js';

let server: TestServer;
let tenant: TestTenant;

const url = 'https://example.com/hook';

function call(
  method: string,
  path: string,
  body?: unknown,
  { key = tenant.apiKey, headers = {} }: { key?: string; headers?: Record<string, string> } = {},
): Promise<Answer> {
  return ask(server.url, key, method, `/numex/v1${path}`, body, headers);
}

function idOf(answer: Answer): string {
  return String(at(answer.body, 'id'));
}

function dataOf(answer: Answer): Record<string, unknown>[] {
  return at(answer.body, 'data') as Record<string, unknown>[];
}

/** Runs the jobs with a receiver that always answers this. */
async function deliver(status: number): Promise<void> {
  await fanOut(server);
  const post = () => Promise.resolve({ kind: 'answered' as const, status });
  await deliveryJob({ post }).run(systemContext(server));
}

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

beforeEach(async () => {
  tenant = await server.createTenant();
});

describe('webhook endpoints', () => {
  it('are made with a secret that is shown once, found, changed and deleted', async () => {
    const body = { url, filters: ['number.*'], include_sub_accounts: true };
    const headers = { 'idempotency-key': 'make-endpoint' };
    const made = await call('POST', '/webhook-endpoints', body, { headers });
    expect(made.status).toBe(201);
    const { secret, ...shown } = made.body as Record<string, unknown>;
    expect(secret).toMatch(/^whsec_/);
    expect(shown).toEqual({
      id: expect.stringMatching(/^whe_[0-9a-z]+$/) as string,
      url,
      filters: ['number.*'],
      style: 'standard',
      include_sub_accounts: true,
      status: 'active',
      disabled_reason: null,
      created_at: '2026-03-04T09:30:00.000Z',
      updated_at: '2026-03-04T09:30:00.000Z',
    });
    const again = await call('POST', '/webhook-endpoints', body, { headers });
    expect(again.body).toEqual({ ...shown, secret: null });
    const path = `/webhook-endpoints/${idOf(made)}`;
    expect((await call('GET', path)).body).toEqual(shown);
    const changes = { filters: ['*'], status: 'disabled', include_sub_accounts: false };
    const changed = { ...shown, ...changes, disabled_reason: 'owner' };
    expect((await call('PATCH', path, changes)).body).toEqual(changed);
    expect((await call('PATCH', path, { status: 'active' })).body).toEqual({
      ...changed,
      status: 'active',
      disabled_reason: null,
    });
    expect((await call('DELETE', path)).body).toEqual({ id: idOf(made), deleted: true });
    for (const [method, given] of [['GET'], ['DELETE'], ['PATCH', { url }]] as [string, unknown?][]) {
      expect((await call(method, path, given)).status).toBe(404);
    }
  });

  it('take every event unless told otherwise, and are listed in pages', async () => {
    for (let i = 0; i < 3; i++) await call('POST', '/webhook-endpoints', { url: `${url}${i}` });
    const first = await call('GET', '/webhook-endpoints?limit=2');
    const cursor = String(at(first.body, 'next_cursor'));
    const rest = await call('GET', `/webhook-endpoints?limit=2&cursor=${cursor}`);
    expect(at(rest.body, 'next_cursor')).toBeNull();
    const all = [...dataOf(first), ...dataOf(rest)];
    expect(all.map((one) => one['url'])).toEqual([`${url}0`, `${url}1`, `${url}2`]);
    expect(all.map((one) => one['filters'])).toEqual([['*'], ['*'], ['*']]);
    expect(JSON.stringify(all)).not.toContain('whsec_');
  });

  it.each([
    [{}, 400],
    [{ url: 'not a url' }, 400],
    [{ url: 'http://127.0.0.1/' }, 400],
    [{ url: 'https://me:secret@example.com/' }, 400],
    [{ url, filters: [] }, 400],
    [{ url, filters: ['NUMBER'] }, 400],
    [{ url, filters: Array.from({ length: 51 }, (_, i) => `type.n${i}`) }, 400],
    [{ url, style: 'standard' }, 400],
    [{ url: `https://example.com/${'x'.repeat(2000)}` }, 400],
  ])('are not made of %j', async (body, status) => {
    expect((await call('POST', '/webhook-endpoints', body)).status).toBe(status);
  });

  it('are not made of a filter that nothing passes, and the refusal names what there is', async () => {
    for (const filter of ['none.such', 'number.stolen', 'numb.*']) {
      const refused = await call('POST', '/webhook-endpoints', { url, filters: ['number.*', filter] });
      expect(refused.status).toBe(400);
      expect(refused.body).toMatchObject({ code: 'invalid_input', field: 'filters' });
      expect(JSON.stringify(refused.body)).toContain('number.rented, ');
    }
  });

  it('get a new secret beside the old one, for as long as is asked', async () => {
    const made = await call('POST', '/webhook-endpoints', { url });
    const path = `/webhook-endpoints/${idOf(made)}/rotate-secret`;
    const rotated = await call('POST', path, {});
    expect(rotated.status).toBe(200);
    expect(rotated.body).toEqual({
      id: idOf(made),
      secret: expect.stringMatching(/^whsec_/) as string,
      old_secret_expires_at: '2026-03-05T09:30:00.000Z',
    });
    expect(at(rotated.body, 'secret')).not.toBe(at(made.body, 'secret'));
    const soon = await call('POST', path, { overlap_seconds: 60 });
    expect(at(soon.body, 'old_secret_expires_at')).toBe('2026-03-04T09:31:00.000Z');
    for (const overlap_seconds of [-1, 1.5, 604_801, '60']) {
      expect((await call('POST', path, { overlap_seconds })).status).toBe(400);
    }
  });

  it('can be tested, and show what became of each delivery', async () => {
    const made = await call('POST', '/webhook-endpoints', { url, filters: ['agent.deleted'] });
    const path = `/webhook-endpoints/${idOf(made)}`;
    const sent = await call('POST', `${path}/test`);
    expect(sent.status).toBe(202);
    expect(sent.body).toEqual({
      id: expect.stringMatching(/^dlv_[0-9a-z]+$/) as string,
      endpoint_id: idOf(made),
      event_id: expect.stringMatching(/^evt_[0-9a-z]+$/) as string,
      event_type: 'webhook.test',
      state: 'pending',
      attempts: 0,
      next_attempt_at: '2026-03-04T09:30:00.000Z',
      last_status: null,
      last_error: null,
      created_at: '2026-03-04T09:30:00.000Z',
      delivered_at: null,
    });
    await deliver(204);
    const delivered = {
      ...(sent.body as object),
      state: 'delivered',
      attempts: 1,
      next_attempt_at: null,
      last_status: 204,
      delivered_at: '2026-03-04T09:30:00.000Z',
    };
    expect((await call('GET', `${path}/deliveries`)).body).toEqual({ data: [delivered], next_cursor: null });
    expect(dataOf(await call('GET', `${path}/deliveries?state=dead`))).toEqual([]);
    const replayed = await call('POST', `${path}/deliveries/${idOf(sent)}/replay`);
    expect(replayed.status).toBe(202);
    expect(replayed.body).toMatchObject({ id: idOf(sent), state: 'pending', attempts: 0 });
    expect((await call('POST', `${path}/deliveries/${idOf(sent)}/replay`)).status).toBe(409);
    await call('PATCH', path, { status: 'disabled' });
    expect((await call('POST', `${path}/test`)).status).toBe(409);
  });

  it('list dead deliveries in pages, and replay them all', async () => {
    const made = await call('POST', '/webhook-endpoints', { url });
    const path = `/webhook-endpoints/${idOf(made)}`;
    for (const type of ['a.one', 'a.two', 'a.three']) await happen(server.operator(), tenant.account, type);
    await fanOut(server);
    await server.sql`update webhook_delivery set attempts = 10 where state = 'pending'`;
    await deliver(500);
    const first = await call('GET', `${path}/deliveries?state=dead&limit=2`);
    const cursor = String(at(first.body, 'next_cursor'));
    const rest = await call('GET', `${path}/deliveries?state=dead&limit=2&cursor=${cursor}`);
    const dead = [...dataOf(first), ...dataOf(rest)];
    expect(dead.map((one) => one['event_type'])).toEqual(['a.three', 'a.two', 'a.one']);
    expect(dead[0]).toMatchObject({ attempts: 11, last_status: 500, next_attempt_at: null });
    expect((await call('GET', `${path}/deliveries?state=pending&cursor=${cursor}`)).status).toBe(400);
    expect((await call('GET', `${path}/deliveries?state=lost`)).status).toBe(400);
    const replayed = await call('POST', `${path}/replay-dead`);
    expect(replayed.status).toBe(202);
    expect(replayed.body).toEqual({ id: idOf(made), replayed: 3 });
    expect(dataOf(await call('GET', `${path}/deliveries?state=dead`))).toEqual([]);
    expect(dataOf(await call('GET', `${path}/deliveries?state=pending`))).toHaveLength(3);
  });

  it('are nobody else’s business: not a stranger’s, not a parent’s, and no key that reads changes them', async () => {
    const made = await call('POST', '/webhook-endpoints', { url });
    const path = `/webhook-endpoints/${idOf(made)}`;
    const sent = await call('POST', `${path}/test`);
    const sub = await server.createTenant({ parent: tenant.account.publicId });
    const stranger = await server.createTenant();
    const reader = await server.createTenant({ scope: 'read' });
    const requests: [string, string, unknown?][] = [
      ['GET', path],
      ['PATCH', path, { url }],
      ['DELETE', path],
      ['POST', `${path}/rotate-secret`, {}],
      ['POST', `${path}/test`],
      ['GET', `${path}/deliveries`],
      ['POST', `${path}/deliveries/${idOf(sent)}/replay`],
      ['POST', `${path}/replay-dead`],
    ];
    for (const [method, route, body] of requests) {
      for (const key of [sub.apiKey, stranger.apiKey]) {
        expect((await call(method, route, body, { key })).status, `${method} ${route}`).toBe(404);
      }
      const read = await call(method, route, body, { key: reader.apiKey });
      expect(read.status).toBe(method === 'GET' ? 404 : 403);
    }
    expect((await call('POST', '/webhook-endpoints', { url }, { key: reader.apiKey })).status).toBe(403);
    expect(dataOf(await call('GET', '/webhook-endpoints', undefined, { key: stranger.apiKey }))).toEqual([]);
    const own = await call('POST', '/webhook-endpoints', { url }, { key: stranger.apiKey });
    const crossed = `/webhook-endpoints/${idOf(own)}/deliveries/${idOf(sent)}/replay`;
    expect((await call('POST', crossed, undefined, { key: stranger.apiKey })).status).toBe(404);
    expect((await call('GET', path)).status).toBe(200);
    const operator = await call('GET', path, undefined, { key: await server.createAdminKey() });
    expect(operator.status).toBe(403);
  });
});

describe('a purchase', () => {
  it('is told to the buyer’s endpoint by the jobs of the server, and signed', async () => {
    const receiver = await new Receiver().listen();
    try {
      const made = await makeEndpoint(server, tenant.account, {
        url: receiver.url(),
        filters: ['number.rented'],
      });
      const number = '+12135557002';
      await server.addNumbers([number]);
      const order = await call('POST', '/orders', { lines: [{ number }] });
      expect(receiver.received).toEqual([]);
      for (const job of webhookJobs({ allowPrivate: true })) await job.run(systemContext(server));
      const [first] = receiver.received;
      if (!first) throw new Error('nothing came');
      const { headers, body } = first;
      const message = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`;
      const key = Buffer.from(made.secret.slice('whsec_'.length), 'base64');
      const signature = createHmac('sha256', key).update(message).digest('base64');
      expect(headers['webhook-signature']).toBe(`v1,${signature}`);
      expect(JSON.parse(body)).toMatchObject({
        type: 'number.rented',
        account_id: tenant.account.publicId,
        data: { number, order_id: idOf(order), currency: 'USD' },
      });
    } finally {
      await receiver.close();
    }
  });
});

describe('events', () => {
  it('tell what happened in the account, newest first, in pages and by type', async () => {
    const number = '+12135557001';
    await server.addNumbers([number]);
    const order = await call('POST', '/orders', { lines: [{ number }] });
    const agent = await call('POST', '/agents', { name: 'Front desk' });
    const rental = String(at(order.body, 'results.0.rental_id'));
    await call('PUT', `/rentals/${rental}/assignment`, { agent_id: idOf(agent) });
    const all = await call('GET', '/events');
    expect(dataOf(all).map((one) => one['type'])).toEqual([
      'number.assigned',
      'agent.created',
      'number.rented',
      'wallet.deposited',
    ]);
    expect(dataOf(all)[0]).toEqual({
      id: expect.stringMatching(/^evt_[0-9a-z]+$/) as string,
      type: 'number.assigned',
      timestamp: '2026-03-04T09:30:00.000Z',
      account_id: tenant.account.publicId,
      data: { number, kind: 'agent', rental, agent: idOf(agent) },
    });
    expect(dataOf(all)[2]).toMatchObject({ data: { number, order_id: idOf(order) } });
    const first = await call('GET', '/events?limit=3');
    const rest = await call('GET', `/events?limit=3&cursor=${String(at(first.body, 'next_cursor'))}`);
    expect([...dataOf(first), ...dataOf(rest)]).toEqual(dataOf(all));
    const rented = await call('GET', '/events?type=number.rented');
    expect(dataOf(rented).map((one) => one['type'])).toEqual(['number.rented']);
    const stranger = await server.createTenant({ balances: {} });
    expect(dataOf(await call('GET', '/events', undefined, { key: stranger.apiKey }))).toEqual([]);
  });
});
