import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Pool } from './connection.js';

/** A numbered file of db/migrations; its text never changes once it has landed. */
interface Migration {
  readonly name: string;
  readonly text: string;
  readonly digest: string;
}

export const migrationsFolder = fileURLToPath(new URL('../../db/migrations/', import.meta.url));

/** Raised when the database was made by other migrations than the ones at hand. */
export class MigrationMismatchError extends Error {
  override readonly name = 'MigrationMismatchError';
}

/** The oldest PostgreSQL whose SQL the migrations and statements are written in. */
const oldestMajor = 15;

/** Raised when the server is too old for the migrations at hand. */
export class DatabaseTooOldError extends Error {
  override readonly name = 'DatabaseTooOldError';
}

/** Takes PostgreSQL's `server_version_num`, such as 150004. Raises DatabaseTooOldError. */
export function requireVersion(versionNumber: number): void {
  const major = Math.floor(versionNumber / 10_000);
  if (major >= oldestMajor) return;
  throw new DatabaseTooOldError(
    `The database is PostgreSQL ${major}; Numex needs ${oldestMajor} or newer. Upgrade it, or name another one in DATABASE_URL.`,
  );
}

export async function readMigrations(folder = migrationsFolder): Promise<Migration[]> {
  const names = (await readdir(folder)).filter((name) => /^\d{4}-[a-z0-9-]+\.sql$/.test(name)).sort();
  return Promise.all(
    names.map(async (name) => {
      const text = await readFile(`${folder}/${name}`, 'utf8');
      return { name, text, digest: createHash('sha256').update(text).digest('hex') };
    }),
  );
}

/**
 * Applies what is missing, in order, each file in its own transaction. Any number of processes may start at once: the
 * table lock makes them take turns. Refuses a database whose applied files differ from those at hand or are newer.
 */
export async function migrate(pool: Pool, folder = migrationsFolder): Promise<string[]> {
  const [server] = await pool<{ version: number }[]>`
    select current_setting('server_version_num')::int as version`;
  requireVersion(server?.version ?? 0);
  const migrations = await readMigrations(folder);
  await createMigrationTable(pool);
  const applied: string[] = [];
  for (const migration of migrations) {
    await pool.begin(async (tx) => {
      await tx`lock table migration in share row exclusive mode`;
      const [row] = await tx<
        { digest: string }[]
      >`select digest from migration where name = ${migration.name}`;
      if (row) {
        if (row.digest !== migration.digest) {
          throw new MigrationMismatchError(
            `Migration ${migration.name} was applied with another text. Restore the file; changes need a new one.`,
          );
        }
        return;
      }
      await tx.unsafe(migration.text);
      await tx`insert into migration (name, digest) values (${migration.name}, ${migration.digest})`;
      applied.push(migration.name);
    });
  }
  await refuseNewerDatabase(pool, migrations);
  return applied;
}

async function createMigrationTable(pool: Pool): Promise<void> {
  const [row] = await pool<{ present: boolean }[]>`select to_regclass('migration') is not null as present`;
  if (row?.present) return;
  // Two processes may both get here: the loser of "create … if not exists" can still trip over the catalogue's own
  // unique index, which only means that the other has won.
  await pool`create table if not exists migration (name text primary key, digest text not null)`.catch(
    (error: unknown) => {
      if (!(error instanceof Error && 'code' in error && (error.code === '23505' || error.code === '42P07')))
        throw error;
    },
  );
}

async function refuseNewerDatabase(pool: Pool, migrations: Migration[]): Promise<void> {
  const known = migrations.map((migration) => migration.name);
  const [newer] = await pool<{ name: string }[]>`
    select name from migration where name <> all(${known}) order by name desc limit 1`;
  if (newer) {
    throw new MigrationMismatchError(
      `The database has migration ${newer.name}, which this version of Numex does not know. Start the newer version.`,
    );
  }
}
