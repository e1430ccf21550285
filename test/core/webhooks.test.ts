import { Webhook } from 'standardwebhooks';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  createEndpoint,
  deleteEndpoint,
  forgetExpiredSecrets,
  getEndpoint,
  pruneDeliveries,
  replayDead,
  replayDelivery,
  rotateSecret,
  sendTestEvent,
  updateEndpoint,
} from '../../src/core/webhooks/index.js';
import { limits } from '../../src/core/limits/index.js';
import type { WebhookStyle } from '../../src/core/webhooks/index.js';
import { verifyBooks } from '../../src/core/verify/index.js';
import { secondsPerDay } from '../../src/lib/clock.js';
import { startTestServer, TestClock } from '../support/server.js';
import type { TestServer, TestTenant } from '../support/server.js';
import {
  actingFor,
  deliveriesOf,
  deliveryJob,
  fanOut,
  happen,
  makeEndpoint,
  systemContext,
} from '../support/webhook-exchange.js';
import { Receiver } from '../support/webhook-receiver.js';

let server: TestServer;
let tenant: TestTenant;
let receiver: Receiver;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

beforeEach(async () => {
  tenant = await server.createTenant();
  receiver = await new Receiver().listen();
});
afterEach(() => receiver.close());

/** Verifies as a receiver does, at the time of the test's clock. */
function verify(secret: string, { body, headers }: Receiver['received'][number]): unknown {
  vi.useFakeTimers({ now: server.clock.now(), toFake: ['Date'] });
  try {
    return new Webhook(secret).verify(body, headers as Record<string, string>);
  } finally {
    vi.useRealTimers();
  }
}

describe('events', () => {
  it('reach an endpoint of their account, signed so that the library of the specification verifies them', async () => {
    const { account } = tenant;
    const { secret, endpointId } = await makeEndpoint(server, account, { url: receiver.url('/a?b=c') });
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    await happen(server.operator(), account, 'number.rented', { number: '+12135550100', order_id: 11 });
    expect(await fanOut(server)).toBe(1);
    expect(await deliveryJob().run(systemContext(server))).toBe(1);
    const [first, ...more] = receiver.received;
    expect(more).toEqual([]);
    if (!first) throw new Error('nothing came');
    expect(first.path).toBe('/a?b=c');
    expect(first.headers['content-type']).toBe('application/json');
    expect(verify(secret, first)).toEqual({
      id: expect.stringMatching(/^evt_[0-9a-z]+$/) as string,
      type: 'number.rented',
      timestamp: server.clock.now().toISOString(),
      account_id: account.publicId,
      data: { number: '+12135550100', order_id: 'ord_b' },
    });
    const { secret: another } = await makeEndpoint(server, account, { url: receiver.url() });
    expect(() => verify(another, first)).toThrow('No matching signature');
    const [delivery] = await deliveriesOf(server, account, endpointId);
    expect(delivery).toMatchObject({ state: 'delivered', attempts: 1, lastStatus: 200, lastError: null });
  });

  it('reach only endpoints whose filters take them', async () => {
    const { account } = tenant;
    const wants = {
      '/all': ['*'],
      '/exact': ['number.rented', 'wallet.deposited'],
      '/beginning': ['number.*'],
      '/deep': ['number.port.*'],
      '/other': ['agent.created', 'numbers.*'],
    };
    for (const [path, filters] of Object.entries(wants)) {
      await makeEndpoint(server, account, { url: receiver.url(path), filters });
    }
    const types = ['number.rented', 'number.port.done', 'number', 'wallet.deposited', 'walletXdeposited'];
    for (const type of types) await happen(server.operator(), account, type);
    await fanOut(server);
    await deliveryJob().run(systemContext(server));
    const heard = Object.keys(wants).map((path) =>
      receiver.received
        .filter((one) => one.path === path)
        .map((one) => (JSON.parse(one.body) as { type: string }).type)
        .sort(),
    );
    expect(heard).toEqual([
      [...types].sort(),
      ['number.rented', 'wallet.deposited'],
      ['number.port.done', 'number.rented'],
      ['number.port.done'],
      [],
    ]);
  });

  it('of a sub-account reach a parent that asked for them, and no other account', async () => {
    const sub = await server.createTenant({ parent: tenant.account.publicId });
    const stranger = await server.createTenant();
    const asked = { url: receiver.url('/asked'), includeSubAccounts: true };
    await makeEndpoint(server, tenant.account, asked);
    await makeEndpoint(server, tenant.account, { url: receiver.url('/own-only') });
    await makeEndpoint(server, stranger.account, {
      url: receiver.url('/stranger'),
      includeSubAccounts: true,
    });
    await makeEndpoint(server, sub.account, { url: receiver.url('/sub'), includeSubAccounts: true });
    await happen(server.operator(), sub.account, 'number.rented');
    await happen(server.operator(), tenant.account, 'number.released');
    await fanOut(server);
    await deliveryJob().run(systemContext(server));
    const heard = receiver.received.map(({ path, body }) => {
      const { type, account_id: of } = JSON.parse(body) as { type: string; account_id: string };
      return `${path} ${type} ${of === sub.account.publicId ? 'sub' : 'parent'}`;
    });
    expect(heard.sort()).toEqual([
      '/asked number.released parent',
      '/asked number.rented sub',
      '/own-only number.released parent',
      '/sub number.rented sub',
    ]);
  });

  it('cost nothing where nobody listens', async () => {
    const quiet = await server.createTenant();
    await makeEndpoint(server, tenant.account, { url: receiver.url() });
    await happen(server.operator(), quiet.account, 'number.rented');
    expect(await server.sql`select * from webhook_outbox`).toHaveLength(0);
    expect(await fanOut(server)).toBe(0);
  });

  it('that happen while an endpoint is disabled are not for it, nor are those before it was made', async () => {
    const { account } = tenant;
    const ctx = actingFor(server, account);
    await happen(server.operator(), account, 'a.before');
    const { endpointId } = await makeEndpoint(server, account, { url: receiver.url() });
    await fanOut(server);
    const disabled = await updateEndpoint({ ctx, input: { endpointId, status: 'disabled' } });
    expect(disabled).toMatchObject({ status: 'disabled', disabledReason: 'owner' });
    await happen(server.operator(), account, 'b.while_disabled');
    const active = await updateEndpoint({ ctx, input: { endpointId, status: 'active' } });
    expect(active).toMatchObject({ status: 'active', disabledReason: null });
    await happen(server.operator(), account, 'c.after');
    await fanOut(server);
    await deliveryJob().run(systemContext(server));
    expect(receiver.types()).toEqual(['c.after']);
  });

  it('of an account that lives by another clock are sent by the time of the server', async () => {
    const { account } = tenant;
    const { endpointId } = await makeEndpoint(server, account, { url: receiver.url() });
    const later = new TestClock(new Date('2027-01-01T00:00:00Z'));
    const ctx = { ...actingFor(server, account), clock: later, serverClock: server.clock };
    await happen(ctx, account, 'number.renewed');
    await sendTestEvent({ ctx, input: { endpointId } });
    const { oldSecretExpiresAt } = await rotateSecret({ ctx, input: { endpointId, overlapSeconds: 60 } });
    expect(Date.parse(oldSecretExpiresAt) - server.clock.now().getTime()).toBe(60_000);
    await fanOut(server);
    const job = deliveryJob();
    await job.run(systemContext(server));
    expect(receiver.types().sort()).toEqual(['number.renewed', 'webhook.test']);
    const [first] = await deliveriesOf(server, account, endpointId);
    await replayDelivery({ ctx, input: { endpointId, deliveryId: first?.deliveryId ?? 0 } });
    expect(await job.run(systemContext(server))).toBe(1);
  });

  it('are not skipped when a transaction that began first commits last', async () => {
    const { account } = tenant;
    const { endpointId } = await makeEndpoint(server, account, { url: receiver.url() });
    let commit = (): void => undefined;
    const told = new Promise<void>((resolve) => (commit = resolve));
    let began = (): void => undefined;
    const begun = new Promise<void>((resolve) => (began = resolve));
    const slow = server.sql.begin(async (tx) => {
      await happen({ ...server.operator(), sql: tx }, account, 'slow.first');
      began();
      await told;
    });
    await begun;
    await happen(server.operator(), account, 'quick.second');
    expect(await fanOut(server)).toBe(1);
    expect(await fanOut(server)).toBe(0);
    commit();
    await slow;
    expect(await fanOut(server)).toBe(1);
    const deliveries = await deliveriesOf(server, account, endpointId);
    expect(deliveries.map((delivery) => delivery.eventType)).toEqual(['quick.second', 'slow.first']);
    const [second, first] = deliveries.map((delivery) => delivery.eventId);
    expect(first).toBeLessThan(second ?? 0);
  });

  it('become deliveries in the order of their ids, a bounded batch at a time, once each', async () => {
    const { account } = tenant;
    const { endpointId } = await makeEndpoint(server, account, { url: receiver.url() });
    await server.sql`
      insert into event (at, account_id, type, subject_kind, subject_id, payload)
      select ${server.clock.now()}, ${account.id}, 'many.made', 'account', n, '{}' from generate_series(1, 900) n`;
    const taken = await Promise.all([fanOut(server), fanOut(server), fanOut(server)]);
    expect(taken.reduce((sum, part) => sum + part, 0) + (await fanOut(server))).toBe(900);
    const events = await server.sql<{ eventId: number }[]>`
      select event_id as "eventId" from webhook_delivery where endpoint_id = ${endpointId}`;
    expect(new Set(events.map((row) => row.eventId)).size).toBe(900);
  });

  it('are written and signed in the style of the endpoint, whoever brings it', async () => {
    const { account } = tenant;
    const plain: WebhookStyle = {
      name: 'plain',
      render: (event, target) => JSON.stringify({ says: event.type, to: target.accountId === account.id }),
      sign: (body, secrets, at, id) => ({
        'x-proof': `${body.length}/${secrets.length}/${at.getTime()}/${id}`,
      }),
    };
    const { endpointId } = await makeEndpoint(server, account, { url: receiver.url(), style: 'plain' });
    const lost = await makeEndpoint(server, account, { url: receiver.url('/lost'), style: 'unheard_of' });
    await happen(server.operator(), account, 'number.rented');
    await fanOut(server);
    await deliveryJob({ styles: new Map([['plain', plain]]) }).run(systemContext(server));
    const [{ deliveryId } = { deliveryId: 0 }] = await deliveriesOf(server, account, endpointId);
    expect(receiver.received.map(({ body }) => body)).toEqual(['{"says":"number.rented","to":true}']);
    expect(receiver.received[0]?.headers['x-proof']).toBe(
      `34/1/${server.clock.now().getTime()}/${deliveryId}`,
    );
    expect(receiver.received[0]?.headers['webhook-id']).toBeUndefined();
    const [unsent] = await deliveriesOf(server, account, lost.endpointId);
    expect(unsent).toMatchObject({ state: 'dead', lastError: 'Nothing here writes in the style unheard_of' });
  });
});

describe('deliveries', () => {
  it('that are over are kept for 30 days, and those that are not for as long as it takes', async () => {
    const { account } = tenant;
    const { endpointId } = await makeEndpoint(server, account, { url: receiver.url() });
    const prune = () => pruneDeliveries({ ctx: systemContext(server) });
    await prune();
    for (const type of ['a.delivered', 'b.dead', 'c.pending']) await happen(server.operator(), account, type);
    await fanOut(server);
    const [delivered, dead] = await deliveriesOf(server, account, endpointId);
    await server.sql`
      update webhook_delivery set state = 'delivered', next_attempt_at = null, delivered_at = created_at
      where id = ${delivered?.deliveryId ?? 0}`;
    await server.sql`
      update webhook_delivery set state = 'dead', next_attempt_at = null where id = ${dead?.deliveryId ?? 0}`;
    server.clock.advance(30 * secondsPerDay);
    expect(await deliveriesOf(server, account, endpointId)).toHaveLength(3);
    await prune();
    expect(await deliveriesOf(server, account, endpointId)).toHaveLength(3);
    server.clock.advance(1);
    expect(await prune()).toBeGreaterThanOrEqual(2);
    const left = await deliveriesOf(server, account, endpointId);
    expect(left.map(({ eventType }) => eventType)).toEqual(['c.pending']);
  });
});

describe('secrets', () => {
  const signaturesOf = (one: Receiver['received'][number] | undefined): string[] =>
    String(one?.headers['webhook-signature']).split(' ');

  it('both sign after a rotation, until the old one ends and is forgotten', async () => {
    const { account } = tenant;
    const ctx = actingFor(server, account);
    const { endpointId, secret: old } = await makeEndpoint(server, account, { url: receiver.url() });
    const rotated = await rotateSecret({ ctx, input: { endpointId, overlapSeconds: 3600 } });
    expect(rotated.oldSecretExpiresAt).toBe(new Date(server.clock.now().getTime() + 3_600_000).toISOString());
    const fresh = rotated.secret ?? '';
    expect(fresh).not.toBe(old);
    const job = deliveryJob();
    const send = async (): Promise<Receiver['received'][number]> => {
      await sendTestEvent({ ctx, input: { endpointId } });
      await job.run(systemContext(server));
      const last = receiver.received.at(-1);
      if (!last) throw new Error('nothing came');
      return last;
    };
    const during = await send();
    expect(signaturesOf(during)).toHaveLength(2);
    for (const secret of [old, fresh]) expect(verify(secret, during)).toMatchObject({ type: 'webhook.test' });
    server.clock.advance(3600);
    const after = await send();
    expect(signaturesOf(after)).toHaveLength(1);
    expect(verify(fresh, after)).toMatchObject({ type: 'webhook.test' });
    expect(() => verify(old, after)).toThrow('No matching signature');
    expect(await forgetExpiredSecrets({ ctx: systemContext(server) })).toBeGreaterThan(0);
    expect(await forgetExpiredSecrets({ ctx: systemContext(server) })).toBe(0);
    const kept = await server.sql`select secret from webhook_secret where endpoint_id = ${endpointId}`;
    expect(kept).toEqual([{ secret: fresh }]);
  });

  it('never pile up, and end at once where that is asked', async () => {
    const ctx = actingFor(server, tenant.account);
    const { endpointId } = await makeEndpoint(server, tenant.account, { url: receiver.url() });
    const count = async (): Promise<number> =>
      (await server.sql`select 1 from webhook_secret where endpoint_id = ${endpointId}`).length;
    for (let i = 0; i < 5; i++) await rotateSecret({ ctx, input: { endpointId } });
    expect(await count()).toBe(3);
    await rotateSecret({ ctx, input: { endpointId, overlapSeconds: 0 } });
    expect(await count()).toBe(1);
    await deleteEndpoint({ ctx, input: { endpointId } });
    expect(await count()).toBe(0);
  });

  it('are kept nowhere but in their own table', async () => {
    const ctx = actingFor(server, tenant.account);
    const idempotency = { key: 'secret-1', requestHash: Buffer.from('x') };
    const input = { url: receiver.url(), filters: ['*'], style: 'standard' };
    const made = await createEndpoint({ ctx: { ...ctx, idempotency }, input });
    const rotated = await rotateSecret({
      ctx: { ...ctx, idempotency: { key: 'secret-2', requestHash: Buffer.from('y') } },
      input: { endpointId: made.endpointId },
    });
    const [row] = await server.sql<{ kept: string }[]>`
      select (select string_agg(i::text, '') from idempotency i)
        || (select string_agg(e::text, '') from audit_entry e)
        || coalesce((select string_agg(e::text, '') from event e), '') as kept`;
    for (const secret of [made.secret, rotated.secret]) {
      expect(secret).toMatch(/^whsec_/);
      expect(row?.kept).not.toContain(secret);
    }
    expect(await createEndpoint({ ctx: { ...ctx, idempotency }, input })).toEqual({ ...made, secret: null });
  });
});

describe('endpoints', () => {
  it.each([
    'ftp://example.com/',
    'example.com/hook',
    'https://user:pass@example.com/',
    'https://user@example.com/',
    'http://127.0.0.1:9000/',
    'http://2130706433/',
    'http://0x7f000001/',
    'http://017700000001/',
    'http://[::1]/',
    'http://[::ffff:10.0.0.1]/',
    'http://localhost/',
    'http://169.254.169.254/latest/meta-data',
    'http://192.168.0.1/',
    `https://example.com/${'x'.repeat(2000)}`,
  ])('are not made for %s', async (url) => {
    const ctx = { ...actingFor(server, tenant.account), allowPrivateTargets: false };
    const input = { url, filters: ['*'], style: 'standard' };
    await expect(createEndpoint({ ctx, input })).rejects.toMatchObject({
      code: 'invalid_input',
      details: { field: 'url' },
    });
  });

  it('may be moved only to where they could have been made', async () => {
    const ctx = { ...actingFor(server, tenant.account), allowPrivateTargets: false };
    const { endpointId } = await makeEndpoint(server, tenant.account, { url: 'https://example.com/a#b' });
    expect(await getEndpoint({ ctx, input: { endpointId } })).toMatchObject({ url: 'https://example.com/a' });
    await expect(
      updateEndpoint({ ctx, input: { endpointId, url: 'http://10.0.0.1/' } }),
    ).rejects.toMatchObject({ code: 'invalid_input' });
    const moved = await updateEndpoint({ ctx, input: { endpointId, url: 'https://example.org/' } });
    expect(moved).toMatchObject({ url: 'https://example.org/', filters: ['*'], status: 'active' });
  });

  it.each([[[]], [['Number.Rented']], [['number.']], [['*.rented']], [['a'.repeat(101)]]])(
    'have no filters such as %j',
    async (filters) => {
      const made = makeEndpoint(server, tenant.account, { url: 'https://example.com/', filters });
      await expect(made).rejects.toMatchObject({ code: 'invalid_input', details: { field: 'filters' } });
    },
  );

  it('have fifty filters at most, repeats aside', async () => {
    const filters = Array.from({ length: 51 }, (_, i) => `type.n${i}`);
    const url = 'https://example.com/';
    await expect(makeEndpoint(server, tenant.account, { url, filters })).rejects.toMatchObject({
      code: 'invalid_input',
    });
    const fits = [...filters.slice(1), 'type.n1'];
    expect((await makeEndpoint(server, tenant.account, { url, filters: fits })).filters).toHaveLength(50);
  });

  it('are twenty of an account at most, also when many are made at once', async () => {
    const url = 'https://example.com/';
    const endpoints = limits.webhook_endpoints_per_account.standard;
    const made = await Promise.allSettled(
      Array.from({ length: endpoints + 5 }, () => makeEndpoint(server, tenant.account, { url })),
    );
    const refused = made.filter((one) => one.status === 'rejected');
    expect(refused).toHaveLength(5);
    for (const one of refused) expect(one.reason).toMatchObject({ code: 'limit_reached' });
    const first = made.find((one) => one.status === 'fulfilled');
    const endpointId = first?.value.endpointId ?? 0;
    await deleteEndpoint({ ctx: actingFor(server, tenant.account), input: { endpointId } });
    await makeEndpoint(server, tenant.account, { url });
  });

  it('leave books that add up and an audit row for every change', async () => {
    const ctx = actingFor(server, tenant.account);
    const { endpointId } = await makeEndpoint(server, tenant.account, { url: receiver.url() });
    const keyed = (key: string) => ({ ...ctx, idempotency: { key, requestHash: Buffer.from(key) } });
    await updateEndpoint({ ctx: keyed('u'), input: { endpointId, filters: ['number.*'] } });
    await sendTestEvent({ ctx: keyed('t'), input: { endpointId } });
    await rotateSecret({ ctx: keyed('r'), input: { endpointId } });
    await replayDead({ ctx: keyed('p'), input: { endpointId } });
    await deleteEndpoint({ ctx: keyed('d'), input: { endpointId } });
    const audit = await server.sql<{ action: string }[]>`
      select action from audit_entry where subject_kind = 'endpoint' and subject_id = ${endpointId} order by id`;
    expect(audit.map((row) => row.action.replace('endpoint.', ''))).toEqual([
      'create',
      'update',
      'test',
      'rotate_secret',
      'replay',
      'delete',
    ]);
    expect((await verifyBooks({ ctx: server.operator() })).ok).toBe(true);
  });
});
