import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { freePort, ServerProcess, until } from '../support/process.js';

const run = promisify(execFile);
let folder: string;
let server: ServerProcess;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'numex-readme-'));
  server = new ServerProcess(folder, await freePort());
  await server.start('start');
});

afterAll(async () => {
  await server.end('SIGTERM');
  await rm(folder, { recursive: true, force: true });
});

/** The shell lines of the README's tour, with the address and key of this server. */
async function tour(): Promise<string> {
  const readme = await readFile(fileURLToPath(new URL('../../README.md', import.meta.url)), 'utf8');
  const section = readme.slice(
    readme.indexOf('## A tour with curl'),
    readme.indexOf('## Running it for real'),
  );
  const blocks = [...section.matchAll(/```sh\n([\s\S]*?)```/g)].map((match) => match[1] ?? '');
  await until(10, () => Promise.resolve(/Demo API key +(\S+)/.test(server.output)));
  const key = /Demo API key +(\S+)/.exec(server.output)?.[1] ?? '';
  const account = /\b(MA_[0-9A-Z]+)/.exec(server.output)?.[1] ?? '';
  const lines = blocks.join('\n').replace('nx_live_…', key).replace('MA_…', account);
  return lines.replaceAll('http://127.0.0.1:3000', server.url);
}

it('the README’s tour with curl works line by line', async () => {
  const { stdout } = await run('bash', ['-euo', 'pipefail', '-c', await tour()]);
  expect(stdout).toContain('"number":"+12135550100"');
  expect(stdout).toMatch(/"id":"res_[0-9a-z]+","number_id":"num_[0-9a-z]+","number":"\+12135551234"/);
  expect(stdout).toMatch(/"ok":true,"number":"\+12135551234"/);
  expect(stdout).toMatch(/"state":"pending_release"/);
  expect(stdout).toContain('"groups":[{"id":"abc-123"');
  expect(stdout).toMatch(/\{"success":true,"id":\d+,"phone_number":"\+31204567890"\}/);
  expect(stdout).toMatch(/"e164":"\+31204567890","country":"NL"/);
  expect(stdout).not.toMatch(/"code":|"error":true/);
});
