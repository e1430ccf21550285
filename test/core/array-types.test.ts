import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Pool } from '../../src/database/connection.js';
import { arrayTypes } from '../../src/database/array-types.js';
import { createTestDatabase } from '../support/database.js';
import type { TestDatabase } from '../support/database.js';
import { ask } from '../support/request.js';
import { startTestServer } from '../support/server.js';

let database: TestDatabase;
let sql: Pool;

beforeAll(async () => {
  database = await createTestDatabase();
  sql = database.sql;
});

afterAll(() => database.drop());

it('lists come back as they were sent, whatever their elements', async () => {
  const texts = ['', 'a', 'NULL', 'null', ',', '{}', '"', '\\', 'a "b" \\n, {c}', ' ', 'ü\n', null];
  const bytes = [Buffer.from([0, 255, 92, 34]), Buffer.alloc(0)];
  const [row] = await sql`
    select ${texts}::text[] as texts, ${[]}::text[] as none, ${[1, -2, null]}::int[] as ints, ${[7]}::smallint[] as small, ${[0.5]}::float8[] as floats,
           ${[1_000_012_135_550_100, 0]}::bigint[] as bigs, ${bytes.map((b) => b.toString('hex'))}::text[] as hex,
           array[decode('00ff5c22', 'hex'), ''::bytea] as bytes,
           ${['2026-03-04T09:30:00.250Z', null]}::timestamptz[] as times,
           ${[JSON.stringify({ a: ['"x"', 1] })]}::text[]::jsonb[] as json`;
  expect(row).toEqual({
    texts,
    none: [],
    ints: [1, -2, null],
    small: [7],
    floats: [0.5],
    bigs: [1_000_012_135_550_100, 0],
    hex: ['00ff5c22', ''],
    bytes,
    times: [new Date('2026-03-04T09:30:00.250Z'), null],
    json: [{ a: ['"x"', 1] }],
  });
});

it('every type that a statement casts a list to is declared', async () => {
  const files = (await readdir('src', { recursive: true })).filter((name) => name.endsWith('.ts'));
  const texts = await Promise.all(files.map((name) => readFile(join('src', name), 'utf8')));
  // A list that is cast again afterwards has been declared by its first cast.
  const casts = texts.flatMap((text) => [...text.matchAll(/\}::(\w+)\[\]/g)].map(([, type]) => type ?? ''));
  const spelled: Readonly<Record<string, string>> = { int: 'int4', bigint: 'int8', smallint: 'int2' };
  const undeclared = new Set(
    casts.map((type) => `${spelled[type] ?? type}_array`).filter((name) => !(name in arrayTypes)),
  );
  expect(casts.length).toBeGreaterThan(50);
  expect([...undeclared]).toEqual([]);
});

it('a server whose first connection is lost while it is made sells on another', async () => {
  const server = await startTestServer();
  try {
    const { apiKey } = await server.createTenant();
    await server.addNumbers(['+12135550100', '+12135550101']);
    const reserve = (number: string) => ask(server.url, apiKey, 'POST', '/numex/v1/reservations', { number });
    const first = reserve('+12135550100');
    for (let ended = 0; ended === 0;) {
      const rows = await server.sql`
        select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and application_name = 'numex-desk'`;
      ended = rows.length;
    }
    const statuses = [(await first).status];
    // A request or two may be told to try again; then it works.
    while (statuses.at(-1) === 503 && statuses.length < 5) {
      statuses.push((await reserve('+12135550101')).status);
    }
    expect(statuses.at(-1), statuses.join(' ')).toBe(201);
  } finally {
    await server.close();
  }
});
