import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { DatabaseTooOldError, requireVersion } from '../../src/database/migrate.js';
import { freePort, until } from '../support/process.js';

const repository = fileURLToPath(new URL('../..', import.meta.url));
const numexCommand = join(repository, 'bin', 'numex.mjs');

/** A process that has been started here, with what it says and how it ends. */
interface Started {
  readonly child: ChildProcess;
  readonly said: () => string;
  /** Its exit code, or the signal that ended it. */
  readonly ended: Promise<number | string>;
}

let folder: string;
let started: Started[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'numex-start-'));
  started = [];
});

afterEach(async () => {
  for (const { child, ended } of started) {
    child.kill('SIGTERM');
    await ended;
  }
  await rm(folder, { recursive: true, force: true });
});

function start(program: string, args: readonly string[], env: Readonly<Record<string, string>>): Started {
  const child = spawn(program, args, {
    cwd: repository,
    env: {
      ...process.env,
      DATABASE_URL: '',
      NUMEX_DATA: folder,
      HOST: '127.0.0.1',
      LOG_LEVEL: 'error',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const ended = new Promise<number | string>((resolve) =>
    child.once('exit', (code, signal) => resolve(code ?? signal ?? 'unknown')),
  );
  const process_ = { child, said: () => said, ended };
  started.push(process_);
  return process_;
}

const serve = (env: Readonly<Record<string, string>>): Started =>
  start(process.execPath, [numexCommand, 'serve'], env);

/** The server says one line that begins with `numex:`, and ends with 1. */
async function expectRefusal(env: Readonly<Record<string, string>>, sentence: RegExp): Promise<void> {
  const { ended, said } = serve(env);
  expect(await ended, said()).toBe(1);
  expect(said().trim().split('\n')).toEqual([expect.stringMatching(sentence)]);
}

async function serving(port: number): Promise<void> {
  await until(50, async () => (await fetch(`http://127.0.0.1:${port}/health`)).ok);
}

async function postmasterPid(): Promise<number> {
  const [line = ''] = (await readFile(join(folder, 'postgres', 'postmaster.pid'), 'utf8')).split('\n');
  return Number(line);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe('a start that cannot succeed says why in one line, and leaves nothing behind', () => {
  it('when the port is taken', async () => {
    const occupant = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => occupant.once('listening', resolve));
    const { port } = occupant.address() as AddressInfo;
    await expectRefusal(
      { PORT: String(port) },
      /^numex: Port \d+ of 127\.0\.0\.1 is in use .* set PORT to another port\.$/,
    );
    // The embedded database has been stopped with it.
    await expect(postmasterPid()).rejects.toThrow(/ENOENT/);
    await new Promise((resolve) => occupant.close(resolve));
  });

  it('when the database does not know the password', async () => {
    const url = new URL(inject('adminUrl'));
    url.password = 'wrong';
    await expectRefusal(
      { DATABASE_URL: url.toString() },
      /^numex: The database refuses: password .* Mend the user or the password in DATABASE_URL\.$/,
    );
  });

  it('when the database cannot be reached, or does not exist', async () => {
    await expectRefusal(
      { DATABASE_URL: `postgres://numex:secret@127.0.0.1:${await freePort()}/numex` },
      /^numex: The database cannot be reached .* mend DATABASE_URL\.$/,
    );
    const url = new URL(inject('adminUrl'));
    url.pathname = '/numex_of_nobody';
    await expectRefusal(
      { DATABASE_URL: url.toString() },
      /^numex: The database refuses: .*numex_of_nobody.* Create the database/,
    );
  });

  it('when the data folder cannot be written', async () => {
    const file = join(folder, 'a-file');
    await writeFile(file, '');
    await expectRefusal({ NUMEX_DATA: join(file, 'data') }, /^numex: The data folder .* set NUMEX_DATA/);
  });

  it('when a variable makes no sense', async () => {
    await expectRefusal({ PORT: 'eighty' }, /^numex: PORT must be a number from 0 to 65535/);
  });

  it('when the database is too old', () => {
    expect(() => requireVersion(140_012)).toThrow(DatabaseTooOldError);
    expect(() => requireVersion(140_012)).toThrow(/PostgreSQL 14; Numex needs 15 or newer/);
    expect(() => requireVersion(150_000)).not.toThrow();
  });
});

describe('a signal ends the server and its database', () => {
  it.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('%s', async (signal) => {
    const port = await freePort();
    const { child, ended, said } = serve({ PORT: String(port) });
    await serving(port);
    const postmaster = await postmasterPid();
    child.kill(signal);
    expect(await ended, said()).toBe(0);
    expect(isAlive(postmaster)).toBe(false);
  });

  /** Both as they are, but for the build, which would rewrite what other tests run. */
  async function withoutBuild(file: 'package.json' | 'bin/dev'): Promise<string> {
    const text = await readFile(join(repository, file), 'utf8');
    const cut = text
      .replace(/npm run --silent build( && )?(?=exec|\n)/, '')
      .replaceAll('bin/numex.mjs', numexCommand);
    const copy = join(folder, file === 'bin/dev' ? 'dev' : file);
    await writeFile(copy, cut, { mode: 0o755 });
    return copy;
  }

  it.each(['package.json', 'bin/dev'] as const)('SIGTERM to the start of %s', async (file) => {
    const port = await freePort();
    const copy = await withoutBuild(file);
    const { child, ended } =
      file === 'bin/dev'
        ? start(copy, [], { PORT: String(port) })
        : start('npm', ['--prefix', folder, 'start'], { PORT: String(port) });
    await serving(port);
    const postmaster = await postmasterPid();
    child.kill('SIGTERM');
    await ended;
    await until(25, () => Promise.resolve(!isAlive(postmaster)));
    await expect(fetch(`http://127.0.0.1:${port}/health/live`)).rejects.toThrow();
  });

  it('in the middle of a start as well', async () => {
    const { child, ended, said } = serve({ PORT: String(await freePort()) });
    await until(30, async () => (await postmasterPid()) > 0);
    const postmaster = await postmasterPid();
    child.kill('SIGTERM');
    expect(await ended, said()).toBe(0);
    expect(isAlive(postmaster)).toBe(false);
  });

  it('a second one ends it at once, though a request is still under way', async () => {
    const port = await freePort();
    const { child, ended } = serve({ PORT: String(port) });
    await serving(port);
    const postmaster = await postmasterPid();
    const unfinished = connect(port, '127.0.0.1').on('error', () => undefined);
    unfinished.write('GET /health HTTP/1.1\r\n');
    await until(15, () => Promise.resolve(child.exitCode !== null || !child.kill('SIGINT')));
    expect(await ended).toBe(130);
    unfinished.destroy();
    await until(10, () => Promise.resolve(!isAlive(postmaster)));
  });
});
