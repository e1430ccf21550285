import { execFile, spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { freePort, until } from '../support/process.js';

const run = promisify(execFile);
const repository = fileURLToPath(new URL('../..', import.meta.url));
let folder: string;
let files: string[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'numex-package-'));
  const { stdout } = await run(
    'npm',
    // What `prepare` makes is there: tests run on the built server.
    ['pack', '--json', '--ignore-scripts', '--pack-destination', folder],
    { cwd: repository, maxBuffer: 64 * 1024 * 1024 },
  );
  const [packed] = JSON.parse(stdout) as { filename: string; files: { path: string }[] }[];
  files = packed?.files.map(({ path }) => path) ?? [];
  await run('tar', ['-xzf', join(folder, packed?.filename ?? ''), '-C', folder]);
  // In place of an installation of the dependencies, which would need a registry.
  await symlink(join(repository, 'node_modules'), join(folder, 'node_modules'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

it('the package has what running needs, its licence, and nothing of how it is made', () => {
  expect(files).toEqual(
    expect.arrayContaining([
      'LICENSE',
      'README.md',
      'bin/numex.mjs',
      'catalogue/output/demo-stock.csv',
      'db/migrations/0001-the-exchange.sql',
      'dist/cli/main.js',
      'docs/operations/running.md',
      'package.json',
    ]),
  );
  expect(files.filter((path) => /^(src|test|bench|\.ci)\/|\.map$|tsbuildinfo|^data/.test(path))).toEqual([]);
});

it('the packed exchange starts in an empty folder, says where to look first, and ends when told to', async () => {
  const { version } = JSON.parse(await readFile(join(repository, 'package.json'), 'utf8')) as {
    version: string;
  };
  const numex = join(folder, 'package', 'bin', 'numex.mjs');
  expect((await run(process.execPath, [numex, '--version'])).stdout.trim()).toBe(version);
  const empty = join(folder, 'empty');
  await mkdir(empty);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(process.execPath, [numex, 'start'], {
    cwd: empty,
    env: {
      ...process.env,
      DATABASE_URL: '',
      NUMEX_DATA: '',
      HOST: '',
      PORT: String(port),
      LOG_LEVEL: 'warn',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  try {
    await until(100, () => Promise.resolve(said.includes('Ctrl-C')));
    expect(said).toContain(`Open this first    ${url}/`);
    expect(said).toContain('PORT=8080 numex start');
    const key = /Demo API key +(\S+)/.exec(said)?.[1] ?? '';
    const answer = await fetch(`${url}/numex/v1/numbers?limit=1`, {
      headers: { authorization: `Bearer ${key}` },
    });
    expect(answer.status).toBe(200);
  } finally {
    child.kill('SIGTERM');
  }
  expect(await ended).toBe(0);
}, 150_000);
