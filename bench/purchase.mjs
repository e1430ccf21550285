// Purchases per second over HTTP at 64 connections, acknowledged after commit with fsync on, beside pgbench running the
// same work as one hand-written transaction on the same server. Prints medians and ratios of one run.
import { createAccount, createKey } from '../dist/core/accounts/index.js';
import { deposit, houseWalletId } from '../dist/core/ledger/index.js';
import { countryNo } from '../dist/core/stock/number-row.js';
import { systemClock } from '../dist/lib/clock.js';
import { here, load, median, openBed, run, startServer } from './support/bed.mjs';

const connections = 64;
const seconds = Number(process.env.BENCH_SECONDS ?? 8);
const rounds = Number(process.env.BENCH_ROUNDS ?? 3);
const numbersPerClient = 2000;
const ratesAtMost = 16_000;

/** Numbers of Los Angeles, alike for both sides. */
async function addStock(sql, first, count) {
  const [group] =
    await sql`select id, region_id, city_id, features from number_group where public_id = 'abc-123'`;
  await sql`
    insert into number (id, group_id, city_id, country_no, region_id, features, type, status)
    select id, ${group.id}, ${group.city_id}, ${countryNo('US')}, ${group.region_id}, ${group.features}, 'l', 's'
    from generate_series(${first}::bigint, ${first + count - 1}::bigint) id on conflict do nothing`;
}

async function makeBuyers(sql, count) {
  const ctx = { sql, clock: systemClock, actor: { kind: 'operator', keyId: null }, requestId: 'req_bench' };
  const buyers = [];
  for (let n = 0; n < count; n++) {
    const account = await createAccount({ ctx, input: { name: `Buyer ${n}`, environment: 'live' } });
    await deposit({ ctx, input: { account, amountMinor: 1e11, currency: 'USD' } });
    const { apiKey } = await createKey({ ctx, input: { account, scope: 'full' } });
    buyers.push({ account, apiKey });
  }
  return buyers;
}

async function ours(bed, server, buyers, first, count) {
  const requests = Array.from({ length: count }, (_, n) => {
    const { apiKey } = buyers[Math.floor(Math.random() * buyers.length)];
    return ['POST', '/numex/v1/orders', apiKey, JSON.stringify({ lines: [{ number: `+${first + n}` }] })];
  });
  const result = await load(bed, { port: server.port, connections, seconds, requests });
  const [other] = Object.entries(result.statuses).filter(([status]) => status !== '201');
  if (other) throw new Error(`${other[1]} answers had status ${other[0]}: ${result.sample}`);
  return result;
}

async function peer(bed, buyers, first, round) {
  const revenue = await houseWalletId(bed.sql, 'live', 'revenue', 'USD', new Date());
  const { stdout } = await run(
    'pgbench',
    [
      '-n',
      '-f',
      here('../purchase-peer.sql'),
      '-c',
      String(connections),
      '-j',
      '2',
      '-T',
      String(seconds),
      '-M',
      'prepared',
      '-D',
      'i=0',
      '-D',
      `round=${round}`,
      '-D',
      `first_number=${first}`,
      '-D',
      `numbers_per_client=${numbersPerClient}`,
      '-D',
      `accounts=${buyers.length}`,
      '-D',
      `first_account=${buyers[0].account.id}`,
      '-D',
      `revenue_wallet=${revenue}`,
      bed.url,
    ],
    { maxBuffer: 1 << 24 },
  );
  return Number(/tps = ([\d.]+)/.exec(stdout)?.[1]);
}

const bed = await openBed();
const server = await startServer(bed);
try {
  const ourFirst = 12132000000;
  const peerFirst = 12136000000;
  const ourCount = ratesAtMost * seconds;
  await addStock(bed.sql, ourFirst, ourCount * rounds * 2);
  await addStock(bed.sql, peerFirst, numbersPerClient * connections * rounds * 2);
  await bed.sql`vacuum analyze`;
  let ourNext = ourFirst;
  let peerRound = 0;
  for (const [name, count, goal] of [
    ['one hot wallet', 1, 3.0],
    ['100 wallets', 100, 1.2],
  ]) {
    const buyers = await makeBuyers(bed.sql, count);
    const mine = [];
    const theirs = [];
    for (let round = 0; round < rounds; round++) {
      theirs.push(await peer(bed, buyers, peerFirst, peerRound++));
      mine.push(await ours(bed, server, buyers, ourNext, ourCount));
      ourNext += ourCount;
    }
    const rate = median(mine.map((result) => result.perSecond));
    const peerRate = median(theirs);
    console.log(
      `purchase, ${name}: ${Math.round(rate)}/s over HTTP (p50 ${median(mine.map((m) => m.p50)).toFixed(1)} ms, ` +
        `p99 ${median(mine.map((m) => m.p99)).toFixed(1)} ms), pgbench ${Math.round(peerRate)}/s, ` +
        `ratio ${(rate / peerRate).toFixed(2)} (goal ${goal.toFixed(1)})`,
    );
  }
} finally {
  await server.stop();
  await bed.close();
}
