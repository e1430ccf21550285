import { afterAll, beforeAll, expect, it } from 'vitest';
import { openPool } from '../../src/database/connection.js';
import type { Pool } from '../../src/database/connection.js';
import { FailedAfterCommit, Pipeline } from '../../src/database/pipeline.js';
import { createTestDatabase } from '../support/database.js';
import type { TestDatabase } from '../support/database.js';
import { relayTo } from '../support/round-trips.js';
import type { CountingRelay } from '../support/round-trips.js';

let database: TestDatabase;
let relay: CountingRelay;
let lane: Pool;
let pipeline: Pipeline;

beforeAll(async () => {
  database = await createTestDatabase();
  relay = await relayTo(database.sql, database.url);
  lane = openPool({ url: relay.url, connectionsMax: 1, applicationName: 'pipeline' });
  pipeline = new Pipeline(lane);
  await database.sql`create table written (id int primary key, note text check (note <> 'bad'))`;
});

afterAll(async () => {
  await lane.end({ timeout: 1 });
  await relay.close();
  await database.drop();
});

async function written(): Promise<number[]> {
  const rows = await database.sql<{ id: number }[]>`select id from written order by id`;
  return rows.map((row) => row.id);
}

it('reads with begin and writes with commit: two round trips', async () => {
  const once = (id: number) =>
    pipeline.transaction(async (tx) => {
      const [[one], [two]] = await Promise.all([tx`select ${id}::int as n`, tx`select ${2}::int as n`]);
      return {
        result: [one?.['n'], two?.['n']],
        write: (sql) =>
          Promise.all([
            sql`insert into written values (${id}, 'a')`,
            sql`update written set note = ${'b'} where id = ${id}`,
          ]),
      };
    });
  await once(1);
  const before = relay.count();
  expect(await once(2)).toEqual([2, 2]);
  expect(relay.count() - before).toBe(2);
  expect(await written()).toEqual([1, 2]);
});

it('one failing write leaves none of the others, and the connection serves on', async () => {
  const failing = pipeline.transaction(() =>
    Promise.resolve({
      result: 'unreachable',
      write: (sql) =>
        Promise.all([
          sql`insert into written values (10, 'fine')`,
          sql`insert into written values (11, 'bad')`,
          sql`insert into written values (12, 'fine')`,
        ]),
    }),
  );
  await expect(failing).rejects.toMatchObject({ constraint_name: 'written_note_check' });
  expect(await written()).toEqual([1, 2]);
  expect(await pipeline.transaction(() => Promise.resolve({ result: 'on it goes' }))).toBe('on it goes');
});

it('work that fails before its writes are sent is rolled back', async () => {
  const failing = pipeline.transaction(() =>
    Promise.resolve({
      result: 'unreachable',
      write: async (sql) => {
        void sql`insert into written values (20, 'fine')`.execute();
        await Promise.resolve();
        throw new Error('a mistake');
      },
    }),
  );
  await expect(failing).rejects.toThrow('a mistake');
  const deciding = pipeline.transaction(async (tx) => {
    await tx`insert into written values (21, 'fine')`;
    throw new Error('another mistake');
  });
  await expect(deciding).rejects.toThrow('another mistake');
  expect(await written()).toEqual([1, 2]);
});

it('a write that waits for an answer of another is refused, and its caller told that the rest is committed', async () => {
  const late = pipeline.transaction(() =>
    Promise.resolve({
      result: 'unreachable',
      write: async (sql) => {
        await sql`insert into written values (30, 'in time')`;
        await sql`insert into written values (31, 'late')`;
      },
    }),
  );
  await expect(late).rejects.toBeInstanceOf(FailedAfterCommit);
  expect(await written()).toEqual([1, 2, 30]);
});

it('a connection that is cut between reads and writes ends the transaction, and the next one connects anew', async () => {
  const cut = pipeline.transaction(async (tx) => {
    await tx`select 1`;
    relay.cut();
    await tx`select pg_sleep(30)`;
    return { result: 'unreachable' };
  });
  await expect(cut).rejects.toMatchObject({ committed: 'no' });
  const idle = pipeline.transaction(async (tx) => {
    relay.cut();
    await new Promise((resolve) => setImmediate(resolve));
    return { result: (await tx`select 1`).length };
  });
  await expect(idle).rejects.toMatchObject({ committed: 'no' });
  expect(await pipeline.transaction(async (tx) => ({ result: (await tx`select 1`).length }))).toBe(1);
});
