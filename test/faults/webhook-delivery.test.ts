import type { ServerResponse } from 'node:http';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  attemptsMax,
  bodyBytesMax,
  deleteEndpoint,
  getEndpoint,
  leaseSeconds,
  listDeliveries,
  replayDead,
  replayDelivery,
  sendingPerEndpointMax,
} from '../../src/core/webhooks/index.js';
import type { Delivery } from '../../src/core/webhooks/index.js';
import { openPool } from '../../src/database/connection.js';
import { standardStyle } from '../../src/dialects/numex/webhooks/standard-style.js';
import { poster } from '../../src/http/outgoing/poster.js';
import type { Job } from '../../src/jobs/job.js';
import { startTestServer } from '../support/server.js';
import type { TestServer, TestTenant } from '../support/server.js';
import {
  actingFor,
  deliveriesOf,
  deliveryJob,
  fanOut,
  happen,
  impatientMilliseconds,
  makeEndpoint,
  systemContext,
} from '../support/webhook-exchange.js';
import { Receiver } from '../support/webhook-receiver.js';

let server: TestServer;
let tenant: TestTenant;
let receiver: Receiver;
let job: Job;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

beforeEach(async () => {
  // Endpoints of the tests before have receivers that are gone.
  await server.sql`update webhook_endpoint set deleted_at = created_at where deleted_at is null`;
  await server.sql`delete from webhook_delivery`;
  tenant = await server.createTenant();
  receiver = await new Receiver().listen();
  job = deliveryJob();
});
afterEach(() => receiver.close());

const run = async (): Promise<number> => Number(await job.run(systemContext(server)));

async function publish(events: number): Promise<void> {
  for (let i = 0; i < events; i++) await happen(server.operator(), tenant.account, `number.n${i}`);
  await fanOut(server);
}

/** Makes an endpoint and as many events for it, each with a delivery. */
async function queue(events = 1, url = receiver.url()): Promise<number> {
  const { endpointId } = await makeEndpoint(server, tenant.account, { url });
  await publish(events);
  return endpointId;
}

async function onlyDelivery(endpointId: number): Promise<Delivery> {
  const [delivery, ...more] = await deliveriesOf(server, tenant.account, endpointId);
  expect(more).toEqual([]);
  if (!delivery) throw new Error('no delivery');
  return delivery;
}

function secondsUntil(time: string | null): number {
  return (Date.parse(time ?? '') - server.clock.now().getTime()) / 1000;
}

describe('a receiver that fails', () => {
  it('is tried again for more than a day, under the same id, and then the delivery is dead', async () => {
    receiver.answer(500);
    const endpointId = await queue();
    const pauses: number[] = [];
    for (let attempt = 1; attempt < attemptsMax; attempt++) {
      expect(await run()).toBe(1);
      const delivery = await onlyDelivery(endpointId);
      expect(delivery).toMatchObject({ state: 'pending', attempts: attempt, lastStatus: 500 });
      const pause = secondsUntil(delivery.nextAttemptAt);
      pauses.push(pause);
      server.clock.advance(pause - 1);
      expect(await run()).toBe(0);
      server.clock.advance(1);
    }
    expect(await run()).toBe(1);
    expect(await onlyDelivery(endpointId)).toMatchObject({
      state: 'dead',
      attempts: attemptsMax,
      nextAttemptAt: null,
      lastStatus: 500,
      lastError: 'The receiver answered 500',
    });
    expect(pauses).toEqual([5, 30, 120, 600, 1800, 3600, 7200, 14_400, 28_800, 43_200]);
    server.clock.advance(10 * 86_400);
    expect(await run()).toBe(0);
    expect(receiver.received).toHaveLength(attemptsMax);
    expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    expect(new Set(receiver.received.map(({ headers }) => headers['webhook-signature'])).size).toBe(
      attemptsMax,
    );
  });

  it('gets its delivery as soon as it works again', async () => {
    receiver.answer(503);
    const endpointId = await queue();
    await run();
    receiver.answer(204);
    server.clock.advance(5);
    expect(await run()).toBe(1);
    expect(await onlyDelivery(endpointId)).toMatchObject({
      state: 'delivered',
      attempts: 2,
      lastError: null,
    });
  });

  it('is given the time it asks for', async () => {
    receiver.answer(429, { 'retry-after': '900' });
    const endpointId = await queue();
    await run();
    expect(secondsUntil((await onlyDelivery(endpointId)).nextAttemptAt)).toBe(900);
  });

  it('is not followed to where it redirects', async () => {
    receiver.behave = (_request, response, { path }) =>
      void response.writeHead(path === '/hook' ? 307 : 200, { location: '/elsewhere' }).end();
    const endpointId = await queue();
    await run();
    expect(receiver.received.map(({ path }) => path)).toEqual(['/hook']);
    expect(await onlyDelivery(endpointId)).toMatchObject({ state: 'pending', lastStatus: 307 });
  });

  it('ends its endpoint with 410, which other endpoints of the account hear of', async () => {
    receiver.behave = (_request, response, { path }) =>
      void response.writeHead(path === '/hook' ? 410 : 200).end();
    const endpointId = await queue(1);
    await makeEndpoint(server, tenant.account, { url: receiver.url('/other'), filters: ['endpoint.*'] });
    await run();
    expect(await onlyDelivery(endpointId)).toMatchObject({ state: 'dead', attempts: 1, lastStatus: 410 });
    const ctx = actingFor(server, tenant.account);
    expect(await getEndpoint({ ctx, input: { endpointId } })).toMatchObject({
      status: 'disabled',
      disabledReason: 'gone',
    });
    await happen(server.operator(), tenant.account, 'number.rented');
    await fanOut(server);
    await run();
    expect(receiver.received.map(({ path }) => path)).toEqual(['/hook', '/other']);
    expect(JSON.parse(receiver.received[1]?.body ?? '')).toMatchObject({
      type: 'endpoint.disabled',
      data: { endpoint: `whe_${endpointId.toString(36)}`, url: receiver.url(), reason: 'gone' },
    });
    await expect(replayDead({ ctx, input: { endpointId } })).rejects.toMatchObject({ code: 'wrong_state' });
  });

  it('is not there at all', async () => {
    const gone = await new Receiver().listen();
    const url = gone.url();
    await gone.close();
    const endpointId = await queue(1, url);
    await run();
    expect(await onlyDelivery(endpointId)).toMatchObject({
      state: 'pending',
      lastStatus: null,
      lastError: 'The connection was refused',
    });
  });

  it.each<[string, (response: ServerResponse) => void, string]>([
    ['hangs up before it answers', (response) => void response.destroy(), 'The connection broke off'],
    [
      'hangs up in the middle of its answer',
      (response) => {
        response.writeHead(200, { 'content-length': '100' });
        response.write('half', () => response.destroy());
      },
      'The connection broke off',
    ],
    [
      'answers something that is not HTTP',
      (response) => void response.socket?.end('220 smtp.example ESMTP\r\n'),
      'The target could not be posted to (HPE_INVALID_CONSTANT)',
    ],
  ])('%s and is tried again', async (_name, misbehave, lastError) => {
    receiver.behave = (_request, response) => misbehave(response);
    const endpointId = await queue();
    await run();
    expect(await onlyDelivery(endpointId)).toMatchObject({ state: 'pending', attempts: 1, lastError });
  });

  it.each<[string, (response: ServerResponse) => void]>([
    ['never answers', () => undefined],
    ['never ends its answer', (response) => void response.writeHead(200).write('and')],
  ])('%s and is given up on after a while', async (_name, hang) => {
    receiver.behave = (_request, response) => hang(response);
    const endpointId = await queue();
    await run();
    expect(await onlyDelivery(endpointId)).toMatchObject({
      state: 'pending',
      lastError: `No full answer within ${impatientMilliseconds / 1000} s`,
    });
  });

  it('may answer without end: what is read of it is bounded', async () => {
    let written = 0;
    receiver.behave = (_request, response) => {
      response.writeHead(200);
      const pour = (): void => {
        let room = true;
        while (room && !response.destroyed) {
          written += 65_536;
          room = response.write(Buffer.alloc(65_536));
        }
      };
      response.on('drain', pour);
      pour();
    };
    const endpointId = await queue();
    await run();
    expect(await onlyDelivery(endpointId)).toMatchObject({ state: 'delivered' });
    // Socket buffers take more than is read, but not much more.
    expect(written).toBeLessThan(32 * 1024 * 1024);
  });

  it('is not public, and is refused whatever was allowed when its endpoint was made', async () => {
    job = deliveryJob({ post: poster({ allowPrivate: false }) });
    const endpointId = await queue();
    await run();
    expect(receiver.received).toEqual([]);
    expect(await onlyDelivery(endpointId)).toMatchObject({
      state: 'pending',
      lastError: 'The target is not a public address',
    });
  });
});

describe('a receiver that is slow', () => {
  it('holds up neither other receivers nor more than its share of places', async () => {
    const events = 6;
    const fast = await new Receiver().listen();
    const held: ServerResponse[] = [];
    let mostHeld = 0;
    const letGo = (): void => {
      receiver.answer(200);
      for (const response of held) response.writeHead(200).end();
    };
    receiver.behave = (_request, response) => {
      mostHeld = Math.max(mostHeld, held.push(response));
    };
    fast.behave = (_request, response) => {
      response.writeHead(200).end();
      if (fast.received.length === events) letGo();
    };
    const slow = await makeEndpoint(server, tenant.account, { url: receiver.url() });
    const quick = await makeEndpoint(server, tenant.account, { url: fast.url() });
    await publish(events);
    job = deliveryJob({ post: poster({ allowPrivate: true }) });
    expect(await run()).toBe(2 * events);
    expect(mostHeld).toBe(sendingPerEndpointMax);
    for (const { endpointId } of [slow, quick]) {
      const states = (await deliveriesOf(server, tenant.account, endpointId)).map(({ state }) => state);
      expect(states).toEqual(Array(events).fill('delivered'));
    }
    await fast.close();
  });

  it('hides nobody behind a queue of its own, however long', async () => {
    const fast = await new Receiver().listen();
    const held: ServerResponse[] = [];
    receiver.behave = (_request, response) => void held.push(response);
    let before = 0;
    fast.behave = (_request, response) => {
      before = receiver.received.length;
      response.writeHead(200).end();
      receiver.answer(200);
      for (const waiting of held) waiting.writeHead(200).end();
    };
    await makeEndpoint(server, tenant.account, { url: receiver.url(), filters: ['bulk.*'] });
    await makeEndpoint(server, tenant.account, { url: fast.url(), filters: ['late.*'] });
    await server.sql`
      insert into event (at, account_id, type, subject_kind, subject_id, payload)
      select ${server.clock.now()}, ${tenant.account.id}, 'bulk.made', 'account', n, '{}' from generate_series(1, 400) n`;
    await fanOut(server);
    server.clock.advance(1);
    await happen(server.operator(), tenant.account, 'late.comer');
    await fanOut(server);
    job = deliveryJob({ post: poster({ allowPrivate: true }) });
    while ((await run()) > 0);
    expect(receiver.received).toHaveLength(400);
    expect(fast.types()).toEqual(['late.comer']);
    expect(before).toBeLessThanOrEqual(sendingPerEndpointMax);
    await fast.close();
  });

  it('does not hold up what falls due while it is waited for', async () => {
    const fast = await new Receiver().listen();
    await makeEndpoint(server, tenant.account, { url: receiver.url(), filters: ['number.*'] });
    await happen(server.operator(), tenant.account, 'number.rented');
    await fanOut(server);
    await new Promise<void>((resolve, reject) => {
      receiver.behave = (_request, slowResponse) => {
        fast.behave = (_other, response) => {
          response.writeHead(200).end();
          slowResponse.writeHead(200).end();
        };
        // The run has nothing else to do when this comes.
        void (async () => {
          await makeEndpoint(server, tenant.account, { url: fast.url(), filters: ['late.*'] });
          await happen(server.operator(), tenant.account, 'late.comer');
          await fanOut(server);
        })().catch(reject);
      };
      job = deliveryJob({ post: poster({ allowPrivate: true }) });
      void run().then(() => resolve(), reject);
    });
    expect(fast.types()).toEqual(['late.comer']);
    await fast.close();
  });
});

describe('two processes', () => {
  it('that race send every event once', async () => {
    const endpoints = [
      await queue(0),
      await queue(0, receiver.url('/b')),
      await queue(0, receiver.url('/c')),
    ];
    const events = 60;
    const others = openPool({ url: server.databaseUrl, connectionsMax: 8, applicationName: 'numex-other' });
    const here = systemContext(server);
    const there = { ...here, sql: others };
    const otherJob = deliveryJob();
    const work = async (one: Job, ctx: typeof here): Promise<void> => {
      while (receiver.received.length < events * endpoints.length) {
        await fanOut(server);
        await one.run(ctx);
      }
    };
    await Promise.all([publish(events), work(job, here), work(otherJob, there)]);
    await others.end();
    const ids = receiver.received.map(({ headers }) => headers['webhook-id']);
    expect(ids).toHaveLength(events * endpoints.length);
    expect(new Set(ids).size).toBe(ids.length);
    for (const endpointId of endpoints) {
      const deliveries = await deliveriesOf(server, tenant.account, endpointId);
      expect(
        deliveries.filter(({ state, attempts }) => state === 'delivered' && attempts === 1),
      ).toHaveLength(events);
    }
  });

  it('of which one dies after sending: the other repeats the delivery under the same id', async () => {
    const endpointId = await queue();
    const dying = openPool({ url: server.databaseUrl, connectionsMax: 1, applicationName: 'numex-dying' });
    const send = poster({ allowPrivate: true });
    const dyingJob = deliveryJob({
      post: async (message) => {
        const outcome = await send(message);
        await dying.end({ timeout: 0 });
        return outcome;
      },
    });
    await expect(dyingJob.run({ ...systemContext(server), sql: dying })).rejects.toThrow();
    expect(receiver.received).toHaveLength(1);
    expect(await onlyDelivery(endpointId)).toMatchObject({ state: 'pending', attempts: 1 });
    server.clock.advance(leaseSeconds - 1);
    expect(await run()).toBe(0);
    server.clock.advance(1);
    expect(await run()).toBe(1);
    const [first, second] = receiver.received;
    expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id']);
    expect(second?.body).toBe(first?.body);
    expect(await onlyDelivery(endpointId)).toMatchObject({ state: 'delivered', attempts: 2 });
  });

  it('of which one dies in every attempt do not go on with a delivery for ever', async () => {
    const endpointId = await queue();
    await server.sql`update webhook_delivery set attempts = ${attemptsMax} where endpoint_id = ${endpointId}`;
    expect(await run()).toBe(1);
    expect(receiver.received).toEqual([]);
    expect(await onlyDelivery(endpointId)).toMatchObject({ state: 'dead' });
  });

  it('of which one comes late with its failure do not lose the success of the other', async () => {
    const endpointId = await queue();
    const late = deliveryJob({
      post: async () => {
        // Its claim has run out by the time it is told of the failure.
        server.clock.advance(leaseSeconds);
        await run();
        return { kind: 'answered', status: 500 };
      },
    });
    await late.run(systemContext(server));
    expect(await onlyDelivery(endpointId)).toMatchObject({
      state: 'delivered',
      attempts: 2,
      lastStatus: 200,
    });
  });
});

describe('dead deliveries', () => {
  it('are listed, and replayed one by one or all together under the ids they had', async () => {
    const ctx = actingFor(server, tenant.account);
    const endpointId = await queue(3);
    await server.sql`update webhook_delivery set attempts = ${attemptsMax - 1} where endpoint_id = ${endpointId}`;
    receiver.answer(500);
    await run();
    const beforeId = Number.MAX_SAFE_INTEGER;
    const dead = () => listDeliveries({ ctx, input: { endpointId, state: 'dead', beforeId, limit: 10 } });
    const [newest] = await dead();
    expect((await dead()).map(({ eventType }) => eventType)).toEqual(['number.n2', 'number.n1', 'number.n0']);
    receiver.answer(200);
    const deliveryId = newest?.deliveryId ?? 0;
    const replayed = await replayDelivery({ ctx, input: { endpointId, deliveryId } });
    expect(replayed).toMatchObject({ deliveryId, state: 'pending', attempts: 0 });
    await expect(replayDelivery({ ctx, input: { endpointId, deliveryId } })).rejects.toMatchObject({
      code: 'wrong_state',
    });
    expect(await replayDead({ ctx, input: { endpointId } })).toEqual({ endpointId, replayed: 2 });
    expect(await replayDead({ ctx, input: { endpointId } })).toEqual({ endpointId, replayed: 0 });
    expect(await run()).toBe(3);
    expect(await dead()).toEqual([]);
    const ids = receiver.received.map(({ headers }) => headers['webhook-id']);
    expect(new Set(ids.slice(3))).toEqual(new Set(ids.slice(0, 3)));
    expect(await replayDelivery({ ctx, input: { endpointId, deliveryId } })).toMatchObject({
      state: 'pending',
    });
    expect(await run()).toBe(1);
  });

  it('are what becomes of deliveries to a deleted endpoint, which gets nothing more', async () => {
    const endpointId = await queue(2);
    await deleteEndpoint({ ctx: actingFor(server, tenant.account), input: { endpointId } });
    expect(await run()).toBe(2);
    expect(receiver.received).toEqual([]);
    const rows =
      await server.sql`select distinct state from webhook_delivery where endpoint_id = ${endpointId}`;
    expect(rows).toEqual([{ state: 'dead' }]);
  });
});

describe('a delivery that cannot be written', () => {
  it('for its size is dead at once', async () => {
    const endpointId = await queue(0);
    await happen(server.operator(), tenant.account, 'a.b', { text: 'x'.repeat(bodyBytesMax) });
    await fanOut(server);
    await run();
    expect(receiver.received).toEqual([]);
    expect(await onlyDelivery(endpointId)).toMatchObject({ state: 'dead' });
  });

  it('by a fault of a style fails the run, holds up no other, and is tried again later', async () => {
    const endpointId = await queue(2);
    const moody = {
      ...standardStyle,
      render: (...[event, target, at]: Parameters<typeof standardStyle.render>) => {
        if (event.type === 'number.n0') throw new Error('in a bad mood');
        return standardStyle.render(event, target, at);
      },
    };
    job = deliveryJob({ styles: new Map([['standard', moody]]) });
    await expect(run()).rejects.toThrow('in a bad mood');
    await run();
    const deliveries = await deliveriesOf(server, tenant.account, endpointId);
    expect(deliveries.map(({ state, attempts }) => ({ state, attempts }))).toEqual([
      { state: 'pending', attempts: 1 },
      { state: 'delivered', attempts: 1 },
    ]);
    expect(receiver.types()).toEqual(['number.n1']);
  });
});
