// The peer of the purchase bench: pgbench with a hand-written transaction, and the latencies of its log.
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { here, run } from './bed.mjs';

/** One run of so many clients; each walks through its own share of the `count` numbers from `first`. */
export async function runPeer(bed, { clients, seconds, buyers, revenueWalletId, first, count }) {
  const folder = await mkdtemp(join(tmpdir(), 'numex-pgbench-'));
  const variables = {
    i: 0,
    first_number: first,
    numbers_per_client: Math.floor(count / clients),
    accounts: buyers.length,
    first_account: buyers[0].account.id,
    revenue_wallet: revenueWalletId,
  };
  const defined = Object.entries(variables).flatMap(([name, value]) => ['-D', `${name}=${value}`]);
  const how = ['-n', '-M', 'prepared', '-c', String(clients), '-j', String(Math.min(clients, 2))];
  const log = ['-l', '--log-prefix', join(folder, 'log')];
  const script = ['-f', here('../purchase-peer.sql'), '-T', String(seconds)];
  try {
    const { stdout } = await run('pgbench', [...how, ...log, ...script, ...defined, bed.url], {
      maxBuffer: 1 << 24,
    });
    const perSecond = Number(/tps = ([\d.]+)/.exec(stdout)?.[1]);
    return { perSecond, ...(await latenciesOf(folder)) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The third column of a pgbench log is a transaction's time in microseconds. */
async function latenciesOf(folder) {
  const files = await readdir(folder);
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')));
  const milliseconds = texts
    .flatMap((text) => text.split('\n').filter(Boolean))
    .map((line) => Number(line.split(' ')[2]) / 1000)
    .sort((a, b) => a - b);
  const at = (share) => milliseconds[Math.floor(milliseconds.length * share)] ?? 0;
  return { p50: at(0.5), p99: at(0.99) };
}
