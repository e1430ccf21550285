import { randomBytes } from 'node:crypto';
import { copyFile, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { openPool } from '../../src/database/connection.js';
import type { Pool } from '../../src/database/connection.js';
import { migrate, migrationsFolder } from '../../src/database/migrate.js';

const at = '2026-02-01T10:00:00.000Z';
const later = '2026-02-03T10:00:00.000Z';
const name = `numex_test_${randomBytes(6).toString('hex')}`;
let admin: Pool;
let sql: Pool;
let folder: string;

/** A database as it was before standing was data: an empty one with the migrations up to then. */
beforeAll(async () => {
  const url = new URL(inject('adminUrl'));
  admin = openPool({ url: url.toString(), connectionsMax: 1, applicationName: 'numex-test-admin' });
  await admin.unsafe(`create database ${name} template template0`);
  url.pathname = `/${name}`;
  sql = openPool({ url: url.toString(), connectionsMax: 2, applicationName: 'numex-test' });
  folder = await mkdtemp(join(tmpdir(), 'numex-migrations-'));
  for (const file of await readdir(migrationsFolder)) {
    if (file < '0011') await copyFile(join(migrationsFolder, file), join(folder, file));
  }
  await migrate(sql, folder);
});

afterAll(async () => {
  await sql.end({ timeout: 1 });
  await admin.unsafe(`drop database if exists ${name} with (force)`);
  await admin.end();
  await rm(folder, { recursive: true, force: true });
});

it('what accounts stood at is carried over, with the time that the audit tells, and says the same word', async () => {
  await sql`
    insert into account (id, public_id, environment, name, parent_id, price_list_id, status, created_at)
    values (1, 'MA_ACTIVE', 'live', 'a', null, 1, 'active', ${at}), (2, 'MA_BLOCKED', 'live', 'b', null, 1, 'blocked', ${at}),
           (3, 'SA_DISABLED', 'live', 'c', 1, 1, 'disabled', ${at}), (4, 'SA_DELETED', 'live', 'd', 1, 1, 'deleted', ${at})`;
  await sql`
    insert into audit_entry (at, account_id, actor, action, subject_kind, subject_id, request_id)
    values (${later}, 2, 'operator', 'account.block', 'account', 2, 'r'), (${later}, 1, 'key:1', 'account.delete', 'account', 4, 'r')`;
  await migrate(sql);
  const rows = await sql<
    { blocked: Date | null; disabled: Date | null; deleted: Date | null; status: string }[]
  >`
    select blocked_at as blocked, disabled_at as disabled, deleted_at as deleted, status from account order by id`;
  const told = rows.map(({ status, ...times }) => [
    status,
    ...Object.entries(times).flatMap(([what, time]) => (time ? [`${what} ${time.toISOString()}`] : [])),
  ]);
  expect(told).toEqual([
    ['active'],
    ['blocked', `blocked ${later}`],
    ['disabled', `disabled ${at}`],
    ['deleted', `deleted ${later}`],
  ]);
});
