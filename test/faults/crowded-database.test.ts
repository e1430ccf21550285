import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { classifyFailure } from '../../src/database/failure.js';
import { openPool } from '../../src/database/connection.js';
import { gatherByPool } from '../../src/database/gather-by-pool.js';
import { RequestConnections } from '../../src/database/request-connections.js';
import { inTransaction } from '../../src/database/transaction.js';
import type { Transaction } from '../../src/database/connection.js';
import { ask, at } from '../support/request.js';
import type { Answer } from '../support/request.js';
import { until } from '../support/process.js';
import { startTestServer } from '../support/server.js';
import type { TestServer, TestTenant } from '../support/server.js';

let server: TestServer;
let greedy: TestTenant;
let branch: TestTenant;
let modest: TestTenant;
let nextNumber = 12136680000;

beforeAll(async () => {
  server = await startTestServer();
  greedy = await server.createTenant({ name: 'Greedy' });
  branch = await server.createTenant({ name: 'Branch', parent: greedy.account.publicId, balances: {} });
  modest = await server.createTenant({ name: 'Modest', balances: { USD: 1_000_000 } });
  await server.addNumbers(Array.from({ length: 400 }, (_, n) => `+${nextNumber + n}`));
});

afterAll(async () => server.close());

/** Keeps what `statement` locks until the function it gives is called. */
async function keepLocked(statement: (tx: Transaction) => Promise<unknown>): Promise<() => Promise<void>> {
  let letGo: () => void = () => undefined;
  const released = new Promise<void>((resolve) => (letGo = resolve));
  let ended: Promise<unknown> = Promise.resolve();
  await new Promise<void>((locked, failed) => {
    ended = server.sql.begin(async (tx) => {
      await statement(tx);
      locked();
      await released;
    });
    ended.catch(failed);
  });
  return async () => {
    letGo();
    await ended;
  };
}

function countWaiting(application: string): Promise<number> {
  return server.sql<{ count: number }[]>`
    select count(*)::int as count from pg_stat_activity
    where datname = current_database() and application_name = ${application} and wait_event_type = 'Lock'`.then(
    ([row]) => row?.count ?? 0,
  );
}

/** What others do meanwhile: each request with how long its answer took, in milliseconds. */
async function othersWaitMs(): Promise<number[]> {
  const took: number[] = [];
  const timed = async (expected: number, request: () => Promise<Answer>): Promise<void> => {
    const startedAt = performance.now();
    const answer = await request();
    took.push(performance.now() - startedAt);
    expect(answer.status, JSON.stringify(answer.body)).toBe(expected);
  };
  for (let round = 0; round < 12; round++) {
    const lines = [{ number: `+${nextNumber++}` }];
    await timed(200, () => ask(server.url, undefined, 'GET', '/health'));
    await timed(200, () => ask(server.url, modest.apiKey, 'GET', '/numex/v1/rentals'));
    await timed(200, () => ask(server.url, modest.apiKey, 'GET', '/numex/v1/numbers?country=US&limit=5'));
    await timed(201, () => ask(server.url, modest.apiKey, 'POST', '/numex/v1/orders', { lines }));
    await timed(201, () => ask(server.url, modest.apiKey, 'POST', '/numex/v1/agents', { name: 'Modest' }));
  }
  return took;
}

/** Whoever waits for another's statements waits for seconds; so the better of two measurements tells, on a busy machine. */
async function expectOthersServed(): Promise<void> {
  const p99 = async (): Promise<number> => (await othersWaitMs()).sort((a, b) => a - b).at(-2) ?? 0;
  const first = await p99();
  expect(first < 250 ? first : await p99()).toBeLessThan(250);
}

describe('others are answered within 250 ms', () => {
  it('while 64 listings of one family do not come to an end', async () => {
    const unlock = await keepLocked((tx) => tx`lock table trunk in access exclusive mode`);
    const keys = [greedy.apiKey, branch.apiKey];
    const listings = Array.from({ length: 64 }, (_, n) =>
      ask(server.url, keys[n % 2], 'GET', '/numex/v1/trunks'),
    );
    await until(10, async () => (await countWaiting('numex-reads')) > 0);
    await expectOthersServed();
    // Parent and sub-account share their turns: half of the connections for both.
    expect(await countWaiting('numex-reads')).toBeLessThanOrEqual(6);
    await unlock();
    for (const { status, body } of await Promise.all(listings)) {
      expect([200, 503], JSON.stringify(body)).toContain(status);
    }
  });

  it('while 24 changes wait for a locked row, which end as unavailable and change nothing', async () => {
    const made = await ask(server.url, greedy.apiKey, 'POST', '/numex/v1/agents', { name: 'Before' });
    const agent = `/numex/v1/agents/${String(at(made.body, 'id'))}`;
    const unlock = await keepLocked((tx) => tx`select 1 from agent where name = 'Before' for update`);
    const changes = Array.from({ length: 24 }, () =>
      ask(server.url, greedy.apiKey, 'PATCH', agent, { name: 'After' }),
    );
    await until(10, async () => (await countWaiting('numex-writes')) > 0);
    await expectOthersServed();
    expect(await countWaiting('numex-writes')).toBeLessThanOrEqual(4);

    // Its queue does not move: what comes later is turned away at the door, with a time to come again.
    const late: Promise<Answer>[] = [];
    let refused: Answer | undefined;
    await until(20, () => {
      const request = ask(server.url, branch.apiKey, 'POST', '/numex/v1/agents', { name: 'Late' });
      void request.then((answer) => (refused ??= answer.status === 429 ? answer : undefined));
      late.push(request);
      return Promise.resolve(refused !== undefined);
    });
    expect(refused?.headers.get('retry-after')).toBe('1');
    expect(await server.sql`select 1 from agent where name = 'After'`).toHaveLength(0);
    await unlock();
    const answers = await Promise.all(changes);
    await Promise.all(late);
    const ended = answers.filter(({ status }) => status === 503);
    expect(ended.length).toBeGreaterThan(0);
    for (const { body } of ended) expect(at(body, 'detail')).toMatch(/nothing was changed/);
    expect(answers.filter(({ status }) => ![200, 503].includes(status))).toEqual([]);
  });
});

describe('a limit', () => {
  it('ends a statement, and that is the database being unavailable and no fault of ours', async () => {
    const sql = openPool({
      url: server.databaseUrl,
      connectionsMax: 1,
      applicationName: 'limited',
      settings: { statement_timeout: 50 },
    });
    const error: unknown = await sql`select pg_sleep(30)`.catch((reason: unknown) => reason);
    await sql.end();
    expect(classifyFailure(error)).toEqual({
      kind: 'unavailable',
      reason: 'the database took longer than this kind of work may take',
    });
  });

  it('ends a transaction that stands open between statements, and the pool goes on', async () => {
    const sql = openPool({
      url: server.databaseUrl,
      connectionsMax: 1,
      applicationName: 'idle-one',
      settings: { idle_in_transaction_session_timeout: 50 },
    });
    const idle = inTransaction(sql, async (tx) => {
      await tx`create table left_behind (id int)`;
      await until(10, async () => {
        const [row] = await server.sql`select 1 from pg_stat_activity where application_name = 'idle-one'`;
        return row === undefined;
      });
      await tx`insert into left_behind values (1)`;
    });
    const error: unknown = await idle.catch((reason: unknown) => reason);
    expect(classifyFailure(error).kind).toBe('unavailable');
    expect(await sql`select to_regclass('left_behind') is null as gone`).toEqual([{ gone: true }]);
    await sql.end();
  });

  it('is set for every kind of request', async () => {
    const connections = new RequestConnections(server.databaseUrl);
    const pools = [connections.lookUps, connections.of('a', 'reads'), connections.of('a', 'writes')];
    for (const pool of pools) {
      const rows = await pool<{ setting: string }[]>`
        select setting from pg_settings
        where name in ('statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout')`;
      expect(rows.map(({ setting }) => Number(setting) > 0)).toEqual([true, true, true]);
    }
    await connections.close();
  });
});

describe('the database as one party sees it', () => {
  it('runs fragments, values, lists and transactions as the pool does', async () => {
    const connections = new RequestConnections(server.databaseUrl);
    const sql = connections.of('a', 'reads');
    const fragment = sql`where n = any(${[2, 3]}::int[])`;
    expect(await sql`select n from generate_series(1, 5) n ${fragment} order by n`).toEqual([
      { n: 2 },
      { n: 3 },
    ]);
    expect(await sql`select ${sql.json({ a: 1 })}::jsonb as value`).toEqual([{ value: { a: 1 } }]);
    expect(await inTransaction(sql, (tx) => tx`select 1 as one`)).toEqual([{ one: 1 }]);
    expect(await sql.unsafe('select 2 as two')).toEqual([{ two: 2 }]);
    await expect(sql`select 1 / 0`).rejects.toThrow(/division/);
    await connections.close();
  });

  it('shares look-ups by id with other parties, in one query', async () => {
    const connections = new RequestConnections(server.databaseUrl);
    const asked: (readonly number[])[] = [];
    const find = gatherByPool((sql, ids) => {
      expect(sql).toBe(connections.lookUps);
      asked.push(ids);
      return Promise.resolve(new Map(ids.map((id) => [id, id * 10])));
    });
    const answers = await Promise.all([
      find(connections.of('a', 'reads'), [1]),
      find(connections.of('b', 'reads'), [2]),
      find(connections.of('b', 'writes'), [3]),
    ]);
    expect(answers.map((found) => [...found.values()])).toEqual([[10], [20], [30]]);
    expect(asked).toEqual([[1, 2, 3]]);
    await connections.close();
  });
});
