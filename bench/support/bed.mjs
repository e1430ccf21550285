// What every bench stands on: a database of its own with fsync on, and the server as a process of its own.
import { execFile, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { loadCatalogue } from '../../dist/core/catalogue/index.js';
import { openPool } from '../../dist/database/connection.js';
import { startEmbeddedServer } from '../../dist/database/embedded/index.js';
import { migrate } from '../../dist/database/migrate.js';
import { systemClock } from '../../dist/lib/clock.js';

const run = promisify(execFile);
const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const silent = { info: () => undefined, warn: () => undefined };

/** Opens a bed: an embedded PostgreSQL with fsync on in a temporary folder, or the one of BENCH_DATA, migrated. */
export async function openBed() {
  const folder = process.env.BENCH_DATA ?? (await mkdtemp(join(tmpdir(), 'numex-bench-')));
  const database = await startEmbeddedServer({ dataFolder: folder, logger: silent });
  const sql = openPool({ url: database.url, connectionsMax: 4, applicationName: 'numex-bench' });
  await migrate(sql);
  await loadCatalogue(sql, systemClock);
  return {
    sql,
    url: database.url,
    folder,
    close: async () => {
      await sql.end();
      await database.stop();
      if (!process.env.BENCH_DATA) await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Starts the server on a free port, as `numex serve` does, against the bed's database. */
export async function startServer(bed, script = here('../../bin/numex.mjs'), args = ['serve']) {
  const port = 20_000 + Math.floor(Math.random() * 9000);
  const child = spawn(process.execPath, [script, ...args], {
    env: {
      ...process.env,
      PORT: String(port),
      DATABASE_URL: bed.url,
      NUMEX_RATE_LIMITS: 'off',
      LOG_LEVEL: 'error',
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  for (let attempt = 0; ; attempt++) {
    const ready = await fetch(`http://127.0.0.1:${port}/health`).then(
      (answer) => answer.ok,
      () => false,
    );
    if (ready) break;
    if (attempt > 150 || child.exitCode !== null) throw new Error('the server did not start');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return {
    port,
    stop: () =>
      new Promise((resolve) => {
        child.once('exit', resolve);
        child.kill('SIGTERM');
      }),
  };
}

/** Sends these requests over so many connections and tells what came of it. */
export async function load(bed, { port, connections, seconds, requests, repeat = false }) {
  const list = join(bed.folder, `requests-${process.pid}.tsv`);
  const config = join(bed.folder, `load-${process.pid}.json`);
  await writeFile(list, requests.map((request) => request.join('\t')).join('\n'));
  await writeFile(config, JSON.stringify({ port, connections, seconds, requests: list, repeat }));
  const { stdout } = await run(process.execPath, [here('./load.mjs'), config], { maxBuffer: 1 << 24 });
  return JSON.parse(stdout);
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

export { run, here };
