import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort, ServerProcess, until } from '../support/process.js';
import { ask, at } from '../support/request.js';

let folder: string;
let backups: string;
let server: ServerProcess;
let key: string;
let nextNumber = 12136660000;

interface Answered {
  readonly number: string;
  readonly atMs: number;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'numex-backup-'));
  backups = join(folder, 'backups');
  server = new ServerProcess(join(folder, 'data'), await freePort(), { NUMEX_BACKUP: backups });
  await server.start();
  const account = await server.cli(
    ...['account', 'create', '--name', 'Buyer', '--currency', 'USD', '--balance', '100000.00'],
  );
  key = String(account['api_key']);
  await server.cli('stock', 'add-range', '+12136660000', '+12136699999');
});

afterAll(async () => {
  await server.end('SIGTERM');
  await rm(folder, { recursive: true, force: true });
});

/** Buys on 8 lines at once until told to stop; keeps which were answered with 201, and when. */
function buyWithoutEnd() {
  const answered: Answered[] = [];
  let stopped = false;
  const line = async (): Promise<void> => {
    while (!stopped) {
      const number = `+${nextNumber++}`;
      const answer = await ask(server.url, key, 'POST', '/numex/v1/orders', { lines: [{ number }] }).catch(
        () => undefined,
      );
      if (answer?.status === 201) answered.push({ number, atMs: Date.now() });
      else await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  const lines = Promise.all(Array.from({ length: 8 }, line));
  return {
    answered,
    stop: async () => {
      stopped = true;
      await lines;
    },
  };
}

async function ownedNumbers(url: string): Promise<Set<string>> {
  const owned = new Set<string>();
  let cursor: string | null = '';
  do {
    const page = await ask(
      url,
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

/** Runs a server on a restored folder for the time of the work. */
async function onRestored<T>(dataFolder: string, work: (restored: ServerProcess) => Promise<T>): Promise<T> {
  const restored = new ServerProcess(dataFolder, await freePort());
  await restored.start();
  try {
    return await work(restored);
  } finally {
    await restored.end('SIGTERM');
  }
}

async function coveredMs(): Promise<number> {
  const rows = (await server.cli('backup', 'list'))['data'] as { restorable_until: string }[];
  return Date.parse(rows.at(-1)?.restorable_until ?? '');
}

describe('a lost data folder comes back from its backups', { timeout: 180_000 }, () => {
  let answered: readonly Answered[];
  /** An instant in the middle of the load. */
  let middle: Date;

  it('with every purchase that was answered before the end of the archive, made and lost under load', async () => {
    const load = buyWithoutEnd();
    await until(60, () => Promise.resolve(load.answered.length >= 50));
    await server.cli('backup', 'create');
    await until(60, () => Promise.resolve(load.answered.length >= 150));
    middle = new Date();
    await until(60, async () => (await coveredMs()) > middle.getTime() + 1000);
    const postmaster = await readFile(join(folder, 'data', 'postgres', 'postmaster.pid'), 'utf8');
    await server.end('SIGKILL');
    process.kill(Number(postmaster.split('\n')[0]), 'SIGKILL');
    await load.stop();
    answered = load.answered;
    // PostgreSQL's processes may still write while they end.
    await rm(join(folder, 'data'), { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });

    const restored = await server.cli('backup', 'restore', '--into', join(folder, 'restored'));
    const restoredMs = Date.parse(String(restored['restored_until']));
    const covered = answered.filter(({ atMs }) => atMs < restoredMs);
    expect(covered.length).toBeGreaterThan(150);
    await onRestored(join(folder, 'restored'), async (again) => {
      const owned = await ownedNumbers(again.url);
      expect(covered.filter(({ number }) => !owned.has(number))).toEqual([]);
      expect(await again.cli('verify')).toMatchObject({ ok: true });
    });
  });

  it('as it was at an instant that is asked for: what came later is not there', async () => {
    const into = join(folder, 'at-an-instant');
    await server.cli('backup', 'restore', '--into', into, '--until', middle.toISOString());
    await onRestored(into, async (again) => {
      const owned = await ownedNumbers(again.url);
      const before = answered.filter(({ atMs }) => atMs < middle.getTime());
      expect(before.filter(({ number }) => !owned.has(number))).toEqual([]);
      // Those that were under way at the instant, one a line, may or may not be there.
      expect(owned.size).toBeLessThanOrEqual(before.length + 8);
      expect(owned.size).toBeLessThan(answered.length);
      expect(await again.cli('verify')).toMatchObject({ ok: true });
    });
  });

  it('but not into a folder that has something in it, and not for an instant that no backup reaches', async () => {
    await expect(server.cli('backup', 'restore', '--into', join(folder, 'restored'))).rejects.toThrow(
      /is not empty/,
    );
    const into = join(folder, 'never');
    await expect(
      server.cli('backup', 'restore', '--into', into, '--until', '2020-01-01T00:00:00Z'),
    ).rejects.toThrow(/No backup reaches 2020-01-01/);
  });

  it('and a file that was changed is found by verify, named, and not restored', async () => {
    expect(await server.cli('backup', 'verify')).toMatchObject({ ok: true });
    const [series = ''] = await readdir(backups);
    const [id = ''] = await readdir(join(backups, series, 'backups'));
    const file = join(backups, series, 'backups', id, 'postgres', 'PG_VERSION');
    await writeFile(file, '18 \n');
    await expect(server.cli('backup', 'verify')).rejects.toMatchObject({
      stdout: expect.stringContaining('postgres/PG_VERSION has changed') as string,
    });
    await expect(server.cli('backup', 'restore', '--into', join(folder, 'from-a-bad-one'))).rejects.toThrow(
      /not as it was written/,
    );
    expect(await readdir(join(folder, 'from-a-bad-one'))).toEqual([]);
  });
});
