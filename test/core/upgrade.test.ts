import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { loadCatalogue } from '../../src/core/catalogue/index.js';
import { verifyBooks } from '../../src/core/verify/index.js';
import { openPool } from '../../src/database/connection.js';
import type { Pool } from '../../src/database/connection.js';
import { migrate } from '../../src/database/migrate.js';
import { systemClock } from '../../src/lib/clock.js';

const name = `numex_test_${randomBytes(6).toString('hex')}`;
let admin: Pool;
let sql: Pool;

/** A database that a server of schema 10 has made and sold from; the file says how. */
beforeAll(async () => {
  const url = new URL(inject('adminUrl'));
  admin = openPool({ url: url.toString(), connectionsMax: 1, applicationName: 'numex-test-admin' });
  await admin.unsafe(`create database ${name} template template0`);
  url.pathname = `/${name}`;
  const loader = openPool({ url: url.toString(), connectionsMax: 1, applicationName: 'numex-test' });
  await loader.unsafe(await readFile(new URL('upgrade/schema-0010.sql', import.meta.url), 'utf8'));
  // The dump changes settings of its session.
  await loader.end();
  sql = openPool({ url: url.toString(), connectionsMax: 2, applicationName: 'numex-test' });
});

afterAll(async () => {
  await sql.end({ timeout: 1 });
  await admin.unsafe(`drop database if exists ${name} with (force)`);
  await admin.end();
});

it('a database of an early schema comes to the present one with all that was sold, and its books in order', async () => {
  const rentals = await sql`select id, number_id, account_id from rental order by id`;
  const wallets = await sql`select id, balance_minor from wallet order by id`;
  expect(rentals.length).toBe(9);
  const applied = await migrate(sql);
  expect(applied[0]).toMatch(/^0011-/);
  await loadCatalogue(sql, systemClock);
  expect(await sql`select id, number_id, account_id from rental order by id`).toEqual(rentals);
  expect(await sql`select id, balance_minor from wallet order by id`).toEqual(wallets);
  const actor = { kind: 'operator', keyId: null } as const;
  const books = await verifyBooks({ ctx: { sql, clock: systemClock, actor, requestId: 'req_test' } });
  expect(books.checks.filter((check) => !check.ok)).toEqual([]);
});

it('and is up to date after that: a second start changes nothing', async () => {
  expect(await migrate(sql)).toEqual([]);
});
