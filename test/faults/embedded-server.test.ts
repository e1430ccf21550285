import { spawn } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { addressOf } from '../../src/database/connection.js';
import {
  borrowEmbeddedServer,
  DataFolderBusyError,
  DataFolderVersionError,
  startEmbeddedServer,
  type EmbeddedServer,
  type EmbeddedServerOptions,
} from '../../src/database/embedded/index.js';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });
const PATIENCE = { timeout: 30_000, interval: 20 };

let dataFolder: string;
let toEnd: (() => Promise<unknown>)[];
const logger = { info: vi.fn(), warn: vi.fn() };

beforeEach(async () => {
  dataFolder = await mkdtemp(join(tmpdir(), 'numex-embedded-'));
  // As mkdtemp leaves it, root's database user could not pass; that case has a test of its own.
  await chmod(dataFolder, 0o755);
  toEnd = [];
});

afterEach(async () => {
  for (const end of toEnd.reverse()) await end();
  await rm(dataFolder, { recursive: true, force: true });
});

function options(): EmbeddedServerOptions {
  return { dataFolder, logger, settings: { shared_buffers: '16MB' } };
}

async function start(): Promise<EmbeddedServer> {
  const server = await startEmbeddedServer(options());
  toEnd.push(() => server.stop());
  return server;
}

async function borrow(): Promise<EmbeddedServer> {
  const server = await borrowEmbeddedServer(options());
  toEnd.push(() => server.stop());
  return server;
}

async function withClient<T>(url: string, work: (sql: postgres.Sql) => Promise<T>): Promise<T> {
  const address = addressOf(url);
  const sql = postgres(address.url, { ...address.options, max: 4, backoff: false, connect_timeout: 5 });
  try {
    return await work(sql);
  } finally {
    await sql.end({ timeout: 1 });
  }
}

async function countSales(url: string): Promise<number> {
  return withClient(url, async (sql) => (await sql`select 1 from sale`).length);
}

async function recordSale(url: string): Promise<void> {
  await withClient(url, (sql) => sql`create table sale (id int primary key)`);
  await withClient(url, (sql) => sql`insert into sale values (1)`);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

test('a second start finds the data, the password and no readable secret', async () => {
  const first = await start();
  await recordSale(first.url);
  await first.stop();
  expect(isAlive(first.postmasterPid)).toBe(false);
  const second = await start();
  expect(await countSales(second.url)).toBe(1);
  expect(new URL(second.url).password).toBe(new URL(first.url).password);
  for (const file of ['postgres.password', 'postgres.connection.json', 'postgres.log']) {
    expect((await stat(join(dataFolder, file))).mode & 0o077).toBe(0);
  }
});

test('durability is on and the server listens on a socket in its private folder only', async () => {
  const { url } = await start();
  const names = [
    'fsync',
    'synchronous_commit',
    'data_checksums',
    'listen_addresses',
    'unix_socket_directories',
  ];
  const rows = await withClient(
    url,
    (sql) => sql`select name, setting from pg_settings where name in ${sql(names)}`,
  );
  expect(Object.fromEntries(rows.map(({ name, setting }) => [name, setting] as [string, string]))).toEqual({
    fsync: 'on',
    synchronous_commit: 'on',
    data_checksums: 'on',
    listen_addresses: '',
    unix_socket_directories: '.',
  });
  await expect(withClient(url.replace(/:[^:@]+@/, ':wrong@'), (sql) => sql`select 1`)).rejects.toThrow(
    /password/,
  );
});

test('a killed postmaster comes back on the same address with every acknowledged sale', async () => {
  const server = await start();
  await withClient(server.url, async (sql) => {
    await sql`create table sale (id int primary key)`;
    const killed = server.postmasterPid;
    let acknowledged = 0;
    const sellUntil = async (isOver: () => boolean): Promise<void> => {
      for (let id = acknowledged + 1; !isOver(); id += 1) {
        // An insert that fails while the database is away was not acknowledged: nothing is owed.
        const wasSold = await sql`insert into sale values (${id})`.then(
          () => true,
          () => false,
        );
        if (wasSold) acknowledged += 1;
      }
    };
    await sellUntil(() => acknowledged >= 200);
    const selling = sellUntil(() => server.postmasterPid !== killed);
    process.kill(killed, 'SIGKILL');
    await vi.waitFor(() => expect(server.postmasterPid).not.toBe(killed), PATIENCE);
    await selling;
    const rows = await vi.waitFor(() => sql`select id from sale`, PATIENCE);
    expect(rows.length).toBeGreaterThanOrEqual(acknowledged);
  });
});

test('stop during a restart ends everything', async () => {
  const server = await start();
  const killed = server.postmasterPid;
  process.kill(killed, 'SIGKILL');
  await vi.waitFor(() => expect(isAlive(killed)).toBe(false), PATIENCE);
  await server.stop();
  expect(isAlive(server.postmasterPid)).toBe(false);
  await expect(withClient(server.url, (sql) => sql`select 1`)).rejects.toThrow(/ENOENT|ECONNREFUSED/);
});

test('a stale pid file with the number of a stranger does not prevent the start', async () => {
  const first = await start();
  await recordSale(first.url);
  const pidFile = join(dataFolder, 'postgres', 'postmaster.pid');
  const content = await readFile(pidFile, 'utf8');
  await first.stop();
  const stranger = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  toEnd.push(() => Promise.resolve(stranger.kill()));
  await writeFile(pidFile, content.replace(/^\d+/, String(stranger.pid)));
  const second = await start();
  expect(await countSales(second.url)).toBe(1);
  expect(stranger.exitCode).toBeNull();
});

test('a second owner is refused by name and leaves the first alone', async () => {
  const first = await start();
  const refusal = startEmbeddedServer(options());
  await expect(refusal).rejects.toBeInstanceOf(DataFolderBusyError);
  await expect(refusal).rejects.toMatchObject({ ownerPid: process.pid });
  await withClient(first.url, (sql) => sql`select 1`);
});

test('a command borrows the running server and leaves it running', async () => {
  const server = await start();
  const borrowed = await borrow();
  expect(borrowed.url).toBe(server.url);
  await recordSale(borrowed.url);
  await borrowed.stop();
  expect(await countSales(server.url)).toBe(1);
});

test('a command that meets a database on its way back waits for it', async () => {
  const server = await start();
  process.kill(server.postmasterPid, 'SIGKILL');
  // A signal takes a moment; a command that is quicker meets a database that still answers.
  await vi.waitFor(() => expect(isAlive(server.postmasterPid)).toBe(false), PATIENCE);
  const borrowed = await borrow();
  expect(borrowed.url).toBe(server.url);
  await withClient(borrowed.url, (sql) => sql`select 1`);
});

test('commands without a server share one cluster and the last one stops it', async () => {
  const [first, second] = await Promise.all([borrow(), borrow()]);
  expect(first.url).toBe(second.url);
  await first.stop();
  await recordSale(second.url);
  await second.stop();
  expect(isAlive(second.postmasterPid)).toBe(false);
});

test('a server takes over what a command started, and the command leaves it running', async () => {
  const borrowed = await borrow();
  const server = await start();
  expect(server.url).toBe(borrowed.url);
  await borrowed.stop();
  await recordSale(server.url);
  process.kill(server.postmasterPid, 'SIGKILL');
  await vi.waitFor(async () => expect(await countSales(server.url)).toBe(1), PATIENCE);
});

test('a cluster of a newer PostgreSQL is refused and stays untouched', async () => {
  await (await start()).stop();
  const versionFile = join(dataFolder, 'postgres', 'PG_VERSION');
  await writeFile(versionFile, '99\n');
  for (const open of [startEmbeddedServer, borrowEmbeddedServer]) {
    const attempt = open(options());
    await expect(attempt).rejects.toBeInstanceOf(DataFolderVersionError);
    await expect(attempt).rejects.toThrow(/PostgreSQL 99.*PostgreSQL 18/);
  }
  expect(await readFile(versionFile, 'utf8')).toBe('99\n');
});

test('a lost password is replaced and the data stays', async () => {
  const first = await start();
  await recordSale(first.url);
  await first.stop();
  await rm(join(dataFolder, 'postgres.password'));
  const second = await start();
  expect(await countSales(second.url)).toBe(1);
});
