import { spawn } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openPool } from '../../src/database/connection.js';
import { borrowEmbeddedServer, startEmbeddedServer } from '../../src/database/embedded/index.js';
import type { EmbeddedServer } from '../../src/database/embedded/index.js';
import { findFreePort } from '../../src/database/embedded/free-port.js';
import { until } from '../support/process.js';

const logger = { info: () => undefined, warn: () => undefined };
const onLinux = process.platform === 'linux';
let home: string;
let toEnd: (() => Promise<unknown>)[];

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'numex-socket-'));
  await chmod(home, 0o755);
  toEnd = [];
});

afterEach(async () => {
  for (const end of toEnd.reverse()) await end();
  await rm(home, { recursive: true, force: true });
});

async function open(kind: typeof startEmbeddedServer, dataFolder = home): Promise<EmbeddedServer> {
  const server = await kind({ dataFolder, logger, settings: { shared_buffers: '16MB' } });
  toEnd.push(() => server.stop());
  return server;
}

async function answers(url: string): Promise<boolean> {
  const sql = openPool({ url, connectionsMax: 1, applicationName: 'socket-test' });
  try {
    return (await sql<{ ok: boolean }[]>`select true as ok`)[0]?.ok ?? false;
  } finally {
    await sql.end({ timeout: 1 });
  }
}

/** Ends the postmaster in order, and starts it again as versions before the socket did: on the loopback address. */
async function startAsBefore(server: EmbeddedServer): Promise<void> {
  const words = (await readFile(`/proc/${server.postmasterPid}/cmdline`, 'utf8')).split('\0').slice(0, -1);
  const { uid, gid } = await stat(join(home, 'postgres'));
  await server.stop();
  // Access as it was then, too.
  const access = join(home, 'postgres', 'pg_hba.conf');
  await writeFile(access, (await readFile(access, 'utf8')).replace(/^local.*\n/gm, ''));
  const port = await findFreePort();
  const args = words
    .slice(1)
    .map((word) => word.replace(/^listen_addresses=.*/, 'listen_addresses=127.0.0.1'))
    .map((word) => word.replace(/^port=.*/, `port=${port}`))
    .map((word) => word.replace(/^unix_socket_directories=.*/, 'unix_socket_directories='));
  const child = spawn(words[0] ?? '', args, { cwd: join(home, 'postgres'), stdio: 'ignore', uid, gid });
  toEnd.push(() => Promise.resolve(child.kill('SIGKILL')));
  await until(20, async () =>
    (await readFile(join(home, 'postgres', 'postmaster.pid'), 'utf8')).includes('ready'),
  );
}

describe('the embedded database', () => {
  it.skipIf(process.platform === 'win32')('is behind a socket that only its user can reach', async () => {
    const { url } = await open(startEmbeddedServer);
    const folder = new URL(url).searchParams.get('host') ?? '';
    expect((await stat(join(folder, '.s.PGSQL.5432'))).isSocket()).toBe(true);
    expect((await stat(folder)).mode & 0o077).toBe(0);
    expect(await answers(url)).toBe(true);
    const command = await open(borrowEmbeddedServer);
    expect(command.url).toBe(url);
    await expect(answers(url.replace(/:[^:@]+@/, ':wrong@'))).rejects.toThrow(/password/);
  });

  it('is on the loopback address where its folder has too long a name, and 150 strangers keep nobody out', async () => {
    const dataFolder = join(home, 'n'.repeat(100));
    await mkdir(dataFolder);
    const { url } = await open(startEmbeddedServer, dataFolder);
    const { hostname, port } = new URL(url);
    expect(hostname).toBe('127.0.0.1');
    const strangers = await Promise.all(
      Array.from(
        { length: 150 },
        () =>
          new Promise<Socket>((resolve, reject) => {
            const socket = connect({ host: hostname, port: Number(port) }, () => resolve(socket));
            socket.on('error', reject);
          }),
      ),
    );
    toEnd.push(() => Promise.resolve(strangers.forEach((socket) => socket.destroy())));
    expect(await answers(url)).toBe(true);
    const sql = openPool({ url, connectionsMax: 1, applicationName: 'socket-test' });
    const [row] = await sql`show superuser_reserved_connections`;
    await sql.end();
    expect(Number(Object.values(row ?? {})[0])).toBeGreaterThanOrEqual(60);
  });

  it.skipIf(!onLinux)(
    'of an earlier version is used where it runs, and has a socket after its restart',
    async () => {
      await startAsBefore(await open(startEmbeddedServer));
      const command = await open(borrowEmbeddedServer);
      expect(new URL(command.url).hostname).toBe('127.0.0.1');
      expect(await answers(command.url)).toBe(true);
      // A server that takes it over leaves it as it is while the command works in it …
      const server = await open(startEmbeddedServer);
      expect(server.url).toBe(command.url);
      await command.stop();
      await server.stop();
      // … and the next one starts it behind a socket.
      const next = await open(startEmbeddedServer);
      expect(new URL(next.url).searchParams.get('host')).toBe(join(home, 'postgres'));
      expect(await answers(next.url)).toBe(true);
    },
  );
});
