import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, at } from '../support/request.js';
import { freePort, ServerProcess, until } from '../support/process.js';

let folder: string;
let server: ServerProcess;
let key: string;
let nextNumber = 12136660000;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'numex-kill-'));
  server = new ServerProcess(folder, await freePort());
  await server.start();
  const account = await server.cli(
    'account',
    'create',
    '--name',
    'Buyer',
    '--currency',
    'USD',
    '--balance',
    '100000.00',
  );
  key = String(account['api_key']);
  await server.cli('stock', 'add-range', '+12136660000', '+12136699999');
});

afterAll(async () => {
  await server.end('SIGTERM');
  await rm(folder, { recursive: true, force: true });
});

/** Buys numbers on 16 lines at once until told to stop; keeps which were answered with 201. */
function buyWithoutEnd() {
  const answered: string[] = [];
  let stopped = false;
  const line = async (): Promise<void> => {
    while (!stopped) {
      const number = `+${nextNumber++}`;
      const answer = await ask(server.url, key, 'POST', '/numex/v1/orders', { lines: [{ number }] }).catch(
        () => undefined,
      );
      if (answer?.status === 201) answered.push(number);
      // While the server is away, numbers would be used up in no time.
      else await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  const lines = Promise.all(Array.from({ length: 16 }, line));
  return {
    answered,
    stop: async () => {
      stopped = true;
      await lines;
    },
  };
}

async function ownedNumbers(): Promise<Set<string>> {
  const owned = new Set<string>();
  let cursor: string | null = '';
  do {
    const page = await ask(
      server.url,
      key,
      'GET',
      `/numex/v1/rentals?limit=100${cursor ? `&cursor=${cursor}` : ''}`,
    );
    expect(page.status).toBe(200);
    for (const rental of at(page.body, 'data') as { number: string }[]) owned.add(rental.number);
    cursor = at(page.body, 'next_cursor') as string | null;
  } while (cursor !== null);
  return owned;
}

async function expectNothingLost(answered: readonly string[]): Promise<void> {
  const owned = await ownedNumbers();
  expect(answered.filter((number) => !owned.has(number))).toEqual([]);
  expect(await server.cli('verify')).toMatchObject({ ok: true });
}

async function postmasterPid(): Promise<number> {
  const [line = ''] = (await readFile(join(folder, 'postgres', 'postmaster.pid'), 'utf8')).split('\n');
  return Number(line);
}

describe('nothing that was answered is lost', () => {
  it('when the server is killed under load', async () => {
    const load = buyWithoutEnd();
    await until(30, () => Promise.resolve(load.answered.length >= 200));
    await server.end('SIGKILL');
    await load.stop();
    await server.start();
    await expectNothingLost(load.answered);
  });

  it('when PostgreSQL is killed under load, and the server goes on by itself', async () => {
    const load = buyWithoutEnd();
    await until(30, () => Promise.resolve(load.answered.length >= 200));
    process.kill(await postmasterPid(), 'SIGKILL');
    const before = load.answered.length;
    await until(30, () => Promise.resolve(load.answered.length >= before + 100));
    await load.stop();
    await expectNothingLost(load.answered);
  });

  it('when both are killed at once', async () => {
    const load = buyWithoutEnd();
    await until(30, () => Promise.resolve(load.answered.length >= 100));
    const pid = await postmasterPid();
    await server.end('SIGKILL');
    process.kill(pid, 'SIGKILL');
    await load.stop();
    await server.start();
    await expectNothingLost(load.answered);
  });

  it('when it is told to stop: what is in flight is answered, and no process is left', async () => {
    const load = buyWithoutEnd();
    await until(30, () => Promise.resolve(load.answered.length >= 100));
    const pid = await postmasterPid();
    expect(await server.end('SIGTERM')).toBe(0);
    await load.stop();
    expect(() => process.kill(pid, 0)).toThrow();
    await server.start();
    await expectNothingLost(load.answered);
  });
});
