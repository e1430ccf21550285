/**
 * Starts the built exchange with this very Node, buys a number, lets the books be verified, and stops it. Exits 1 with what
 * the server said when anything of it fails. Takes a minute or less.
 */
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const numex = new URL('../bin/numex.mjs', import.meta.url).pathname;
const startMaxMs = 100_000;

const folder = mkdtempSync(join(tmpdir(), 'numex-smoke-'));
const port = await freePort();
const url = `http://127.0.0.1:${port}`;
const env = { ...process.env, DATABASE_URL: '', NUMEX_BACKUP: '', NUMEX_DATA: folder, HOST: '127.0.0.1' };
Object.assign(env, { PORT: String(port), LOG_LEVEL: 'warn' });
let said = '';
const server = spawn(process.execPath, [numex, 'start'], { env, stdio: ['ignore', 'pipe', 'pipe'] });
for (const stream of [server.stdout, server.stderr]) stream.on('data', (chunk) => (said += chunk));
const ended = new Promise((resolve) => server.once('exit', resolve));

try {
  await started();
  const key = /Demo API key +(\S+)/.exec(said)?.[1];
  const found = await ask('GET', '/numex/v1/numbers?country=US&limit=1');
  const number = found.data[0].number;
  const order = await ask('POST', '/numex/v1/orders', { lines: [{ number }] });
  expect(order.results?.[0]?.ok === true, `the purchase of ${number} says ${JSON.stringify(order)}`);
  const books = execFileSync(process.execPath, [numex, 'verify', '--json'], { env, encoding: 'utf8' });
  expect(JSON.parse(books).ok, books);
  server.kill('SIGTERM');
  expect((await ended) === 0, 'the server did not end with 0');
  process.stdout.write(`Node ${process.version}: started, bought ${number}, verified, stopped.\n`);

  async function ask(method, path, body) {
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
    const answer = await fetch(url + path, { method, headers, body: body && JSON.stringify(body) });
    const text = await answer.text();
    expect(answer.ok, `${method} ${path} answers ${answer.status}: ${text}`);
    return JSON.parse(text);
  }
} catch (error) {
  process.stderr.write(`${error.message}\nThe server said:\n${said}\n`);
  process.exitCode = 1;
} finally {
  if (server.exitCode === null) server.kill('SIGTERM');
  await ended;
  rmSync(folder, { recursive: true, force: true });
}

async function started() {
  for (const giveUpAt = Date.now() + startMaxMs; !said.includes('Admin key'); await pause(100)) {
    expect(server.exitCode === null && Date.now() < giveUpAt, 'the server did not start');
  }
}

function expect(isSo, otherwise) {
  if (!isSo) throw new Error(otherwise);
}

function freePort() {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port: free } = probe.address();
      probe.close(() => resolve(free));
    });
  });
}
