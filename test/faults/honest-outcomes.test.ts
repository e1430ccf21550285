import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../../src/server/app.js';
import type { App } from '../../src/server/app.js';
import { PurchaseDesk } from '../../src/core/sales/index.js';
import { createKey } from '../../src/core/accounts/index.js';
import { openPool } from '../../src/database/connection.js';
import { classifyFailure } from '../../src/database/failure.js';
import { RequestConnections } from '../../src/database/request-connections.js';
import { numberIdOf } from '../../src/core/number-id.js';
import { startTestServer } from '../support/server.js';
import type { TestServer, TestTenant } from '../support/server.js';
import { relayCommits } from '../support/commit-relay.js';
import type { CommitRelay } from '../support/commit-relay.js';

interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

let direct: TestServer;
let relay: CommitRelay;
let app: App;
let url: string;
let tenant: TestTenant;
const opened: RequestConnections[] = [];

beforeAll(async () => {
  direct = await startTestServer();
  tenant = await direct.createTenant({ balances: { USD: 100_000, EUR: 100_000 } });
  await direct.addNumbers(['+12135550101', '+12135550102', '+12135550103']);
  relay = await relayCommits(direct.sql, direct.databaseUrl);
  app = await createApp({
    databaseUrl: relay.url,
    documentsPath: direct.documentsPath,
    clock: direct.clock,
    rateLimits: false,
  });
  url = await app.server.listen({ port: 0, host: '127.0.0.1' });
});

afterAll(async () => {
  // The driver waits a while for connections that were lost.
  await Promise.all([app.close(), ...opened.map((connections) => connections.close())]);
  await relay.close();
  await direct.close();
});

async function send(
  path: string,
  {
    method = 'POST',
    key,
    body,
    as = tenant.apiKey,
  }: { method?: string; key?: string; body?: object; as?: string } = {},
): Promise<Answer> {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${as}`,
      'x-auth-id': tenant.account.publicId,
      'x-auth-token': tenant.apiKey,
      'x-user-api-key': tenant.apiKey,
      ...(key ? { 'idempotency-key': key } : {}),
      ...(body ? { 'content-type': 'application/json' } : {}),
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

async function agents(): Promise<number> {
  const [row] = await direct.sql<{ count: number }[]>`select count(*)::int as count from agent`;
  return row?.count ?? 0;
}

describe('a change whose commit got no answer', () => {
  it('is told as unknown, with the way to learn it, and a repeat with the same key learns it', async () => {
    const before = await agents();
    relay.breakNext('after commit');
    const first = await send('/numex/v1/agents', { key: 'lost-1', body: { name: 'Ada' } });
    expect(first).toMatchObject({ status: 504, body: { code: 'outcome_unknown', keyed: true } });
    expect(first.body['detail']).toContain('same idempotency key');
    expect(await agents()).toBe(before + 1);
    const again = await send('/numex/v1/agents', { key: 'lost-1', body: { name: 'Ada' } });
    expect(again.status).toBe(201);
    expect(await agents()).toBe(before + 1);
  });

  it('without a key says to look before asking again', async () => {
    relay.breakNext('after commit');
    const first = await send('/numex/v1/agents', { body: { name: 'Bea' } });
    expect(first).toMatchObject({ status: 504, body: { code: 'outcome_unknown', keyed: false } });
    expect(first.body['detail']).toContain('look whether it was');
  });

  it.each([
    ['Piopiy', () => send('/v1/release-phone-number/12135550103', { method: 'DELETE' })],
    ['Staffify', () => send('/v1/agents', { body: { name: 'Cy' } })],
    ['Vobiz', () => send(`/api/v1/Account/${tenant.account.publicId}/trunks`, { body: { name: 'Dee' } })],
    ['2Chat', () => send('/open/numbers/reservations/none', { method: 'DELETE' })],
  ])('is never told as unchanged by %s', async (_dialect, ask) => {
    relay.breakNext('after commit');
    const { status, body } = await ask();
    relay.breakNext(undefined);
    const told = JSON.stringify(body);
    expect(told).not.toContain('nothing was changed');
    if (status === 504) expect(told).toContain('is not known');
    else expect(status).toBeLessThan(500);
  });
});

describe('a change whose connection went before its commit', () => {
  it('is told as unavailable, and nothing was changed', async () => {
    const before = await agents();
    relay.breakNext('before commit');
    const answer = await send('/numex/v1/agents', { key: 'gone-1', body: { name: 'Eve' } });
    expect(answer).toMatchObject({ status: 503, body: { code: 'unavailable' } });
    expect(await agents()).toBe(before);
    expect((await send('/numex/v1/agents', { key: 'gone-1', body: { name: 'Eve' } })).status).toBe(201);
    expect(await agents()).toBe(before + 1);
  });
});

describe('a statement outside a transaction that got no answer', () => {
  it('leaves nothing in doubt when it only reads', async () => {
    const connections = openConnections();
    const sql = connections.of('party', 'writes');
    const read = (): Promise<unknown> => sql`select count(*) from agent`;
    await Promise.all([read(), connections.lookUps`select 1`]);
    relay.breakNext('next answer');
    expect(await failureOf(read())).toBe('unavailable');
    await read();
    relay.breakNext('next answer');
    expect(await failureOf(sql.unsafe('select count(*) from agent'))).toBe('unavailable');
    relay.breakNext('next answer');
    expect(await failureOf(connections.lookUps`select 1`)).toBe('unavailable');
  });

  it('leaves it in doubt whether a change has happened', async () => {
    const connections = openConnections();
    const sql = connections.of('party', 'writes');
    await sql`select 1`;
    relay.breakNext('next answer');
    expect(await failureOf(sql`update agent set name = name`)).toBe('outcome_unknown');
  });

  it('is told as unavailable by a write whose key was being looked up', async () => {
    const before = await agents();
    expect((await send('/numex/v1/agents', { method: 'GET' })).status).toBe(200);
    const input = { account: tenant.account, scope: 'full' } as const;
    const { apiKey } = await createKey({ ctx: direct.operator(), input });
    relay.breakNext('next answer');
    const answer = await send('/numex/v1/agents', { body: { name: 'Flo' }, as: apiKey });
    expect(answer).toMatchObject({ status: 503, body: { code: 'unavailable' } });
    expect(await agents()).toBe(before);
  });
});

function openConnections(): RequestConnections {
  const connections = new RequestConnections(relay.url);
  opened.push(connections);
  return connections;
}

async function failureOf(work: PromiseLike<unknown>): Promise<string> {
  try {
    await work;
    return 'none';
  } catch (error) {
    return classifyFailure(error).kind;
  }
}

describe('the purchase desk', () => {
  it('finds out by itself what has become of a commit without an answer', async () => {
    relay.breakNext('after commit');
    const bought = await send('/numex/v1/orders', { body: { lines: [{ number: '+12135550101' }] } });
    expect(bought.status).toBe(201);
    const rentals = await direct.sql`select 1 from rental where number_id = 12135550101`;
    expect(rentals).toHaveLength(1);
  });

  it('says that the outcome is unknown when the database does not come back', async () => {
    const apart = await relayCommits(direct.sql, direct.databaseUrl);
    const lane = openPool({ url: apart.url, connectionsMax: 1, applicationName: 'numex-desk-test' });
    const desk = new PurchaseDesk(lane, undefined, { settleSeconds: 0.2 });
    const request = {
      kind: 'buy' as const,
      account: tenant.account,
      actor: 'key:1',
      requestId: 'req_unknown',
      at: direct.clock.now(),
      lines: [{ numberId: numberIdOf(12135550102, 'live') }],
      mode: 'all_or_nothing' as const,
      unmetRequirements: 'refuse' as const,
    };
    await desk.submit({ ...request, lines: [{ numberId: numberIdOf(12135550109, 'live') }] });
    apart.breakNext('after commit, for good');
    const outcome = await desk.submit(request).catch((error: unknown) => error);
    expect(outcome).toMatchObject({ code: 'outcome_unknown', details: { keyed: false } });
    expect(await direct.sql`select 1 from rental where number_id = 12135550102`).toHaveLength(1);
    await desk.close();
    await lane.end({ timeout: 1 });
    await apart.close();
  });
});

describe('an order of several lines, all or nothing, that buys nothing', () => {
  it('is a problem with a result per line, and a repeat with the same key is the same', async () => {
    await direct.addNumbers(['+12135550104']);
    const body = {
      mode: 'all_or_nothing',
      lines: [{ number: '+12135550104' }, { number: '+12135550199' }],
    };
    const refused = await send('/numex/v1/orders', { key: 'order-1', body });
    expect(refused).toMatchObject({
      status: 409,
      body: {
        code: 'order_refused',
        results: [
          { ok: false, number: '+12135550104', error: { code: 'order_abandoned' } },
          { ok: false, number: '+12135550199', error: { code: 'not_found' } },
        ],
      },
    });
    const again = await send('/numex/v1/orders', { key: 'order-1', body });
    expect({ ...again.body, request_id: '' }).toEqual({ ...refused.body, request_id: '' });
  });

  it('spells the details of each line as the wire spells things', async () => {
    const poor = await direct.createTenant({ balances: { USD: 1 } });
    const response = await fetch(`${direct.url}/numex/v1/orders`, {
      method: 'POST',
      headers: { authorization: `Bearer ${poor.apiKey}`, 'content-type': 'application/json' },
      body: JSON.stringify({ lines: [{ number: '+12135550104' }, { number: '+12135550103' }] }),
    });
    expect(response.status).toBe(409);
    const { results } = (await response.json()) as { results: { error: Record<string, unknown> }[] };
    const short = results.find(({ error }) => error['code'] === 'insufficient_funds')?.error;
    expect(short).toMatchObject({ required_minor: expect.any(Number) as number, available_minor: 1 });
    expect(Object.keys(short ?? {}).filter((name) => /[A-Z]/.test(name))).toEqual([]);
  });
});
