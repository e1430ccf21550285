// Purchases per second over HTTP, acknowledged after commit with fsync on, beside pgbench running the same work as one
// hand-written transaction on the same server, with one client and with the number of clients that suits it best.
// BENCH_SECONDS is the length of a run (2), BENCH_ROUNDS how many of each kind (3); medians are printed.
// BENCH_CONNECTIONS, BENCH_CLIENTS (lists) and BENCH_WALLETS (hot, many) measure a part; BENCH_KEYED=no leaves out the keys.
import { createAccount, createKey } from '../dist/core/accounts/index.js';
import { deposit, houseWalletId } from '../dist/core/ledger/index.js';
import { countryNo } from '../dist/core/stock/number-row.js';
import { systemClock } from '../dist/lib/clock.js';
import { load, median, openBed, startServer } from './support/bed.mjs';
import { runPeer } from './support/purchase-peer.mjs';

const list = (text) => text.split(',').map(Number);
const seconds = Number(process.env.BENCH_SECONDS ?? 2);
const rounds = Number(process.env.BENCH_ROUNDS ?? 3);
const connectionCounts = list(process.env.BENCH_CONNECTIONS ?? '1,2,8,64,256');
const clientCounts = list(process.env.BENCH_CLIENTS ?? '1,2,4,8,16,64');
const keyed = process.env.BENCH_KEYED !== 'no';
const kinds = [
  { kind: 'hot', name: 'one hot wallet', wallets: 1 },
  { kind: 'many', name: '100 wallets', wallets: 100 },
].filter(({ kind }) => (process.env.BENCH_WALLETS ?? 'hot,many').split(',').includes(kind));
/** What a run may sell at most, in numbers per second: one connection, all of them, and the peer. */
const perConnectionAtMost = 1500;
const perSecondAtMost = 12_000;
const peerAtMost = 3000;
/** By connections: the ratio to reach, and the peer's figure it is taken of. */
const goals = {
  1: { ratio: 0.6, of: 'one' },
  8: { ratio: 1, of: 'best' },
  64: { ratio: 2.5, of: 'best' },
  256: { ratio: 4, of: 'best' },
};
/** How many times the peer's p99 ours may be, one connection against one client. */
const p99RatioMax = 3;

/** Numbers of Los Angeles, alike for both sides, each handed out once. */
function stockOf(sql) {
  let next = 12132000000;
  return async (count) => {
    const first = next;
    next += count;
    await sql`
      insert into number (id, group_id, city_id, country_no, region_id, features, type, status)
      select n, g.id, g.city_id, ${countryNo('US')}::int, g.region_id, g.features, 'l', 's'
      from number_group g, generate_series(${first}::bigint, ${next - 1}::bigint) n where g.public_id = 'abc-123'`;
    return first;
  };
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

async function runOurs(bed, server, { connections, buyers, first, count }) {
  const requests = Array.from({ length: count }, (_, n) => {
    const { apiKey } = buyers[Math.floor(Math.random() * buyers.length)];
    const number = first + n;
    const body = JSON.stringify({ lines: [{ number: `+${number}` }] });
    return ['POST', '/numex/v1/orders', apiKey, body, ...(keyed ? [`bench-${number}`] : [])];
  });
  const result = await load(bed, { port: server.port, connections, seconds, requests });
  const [other] = Object.entries(result.statuses).filter(([status]) => status !== '201');
  if (other) throw new Error(`${other[1]} answers had status ${other[0]}: ${result.sample}`);
  return result;
}

function middle(results) {
  const of = (name) => median(results.map((result) => result[name]));
  return { perSecond: of('perSecond'), p50: of('p50'), p99: of('p99') };
}

/** All counts of both sides in turns, round after round; gives the medians of each count. */
async function measure(bed, server, stock, wallets) {
  const buyers = await makeBuyers(bed.sql, wallets);
  const revenueWalletId = await houseWalletId(bed.sql, 'live', 'revenue', 'USD', new Date());
  const ours = new Map(connectionCounts.map((connections) => [connections, []]));
  const peers = new Map(clientCounts.map((clients) => [clients, []]));
  const sell = async (connections) => {
    const count = Math.min(connections * perConnectionAtMost, perSecondAtMost) * seconds;
    return runOurs(bed, server, { connections, buyers, first: await stock(count), count });
  };
  const sellByPeer = async (clients) => {
    const count = peerAtMost * seconds;
    const first = await stock(count);
    return runPeer(bed, { clients, seconds, buyers, revenueWalletId, first, count });
  };
  for (const connections of [64, 1]) await sell(connections);
  for (let round = 0; round < rounds; round++) {
    const turns = Math.max(connectionCounts.length, clientCounts.length);
    for (let turn = 0; turn < turns; turn++) {
      const [connections, clients] = [connectionCounts[turn], clientCounts[turn]];
      if (clients !== undefined) peers.get(clients).push(await sellByPeer(clients));
      if (connections !== undefined) ours.get(connections).push(await sell(connections));
    }
  }
  const middles = (runs) => new Map([...runs].map(([count, results]) => [count, middle(results)]));
  return { ours: middles(ours), peers: middles(peers) };
}

function row(...cells) {
  const widths = [16, 9, 9, 9, 11, 11, 30];
  console.log(cells.map((cell, n) => String(cell).padEnd(widths[n])).join(' '));
}

function printTable(name, { ours, peers }) {
  const best = [...peers].sort(([, a], [, b]) => b.perSecond - a.perSecond)[0];
  const one = peers.get(1);
  const figures = ({ perSecond, p50, p99 }) => [Math.round(perSecond), p50.toFixed(2), p99.toFixed(2)];
  const ratio = (perSecond, other) => (other ? (perSecond / other.perSecond).toFixed(2) : '');
  console.log(`\npurchase, ${name}`);
  row('', 'per s', 'p50 ms', 'p99 ms', 'of peer, 1', 'of its best', 'goal');
  for (const [clients, result] of peers) {
    row(`peer, ${clients}`, ...figures(result), '', '', clients === best?.[0] ? 'its best' : '');
  }
  for (const [connections, result] of ours) {
    const goal = goals[connections];
    const reached = [ratio(result.perSecond, one), ratio(result.perSecond, best?.[1])];
    const met = goal && Number(goal.of === 'one' ? reached[0] : reached[1]) >= goal.ratio;
    const said = goal ? `${met ? 'met' : 'MISSED'}: ${goal.ratio} of its ${goal.of}` : '';
    row(`HTTP, ${connections}`, ...figures(result), ...reached, said);
  }
  const alone = ours.get(1);
  if (!alone || !one) return;
  const times = alone.p99 / one.p99;
  const met = times < p99RatioMax ? 'met' : 'MISSED';
  console.log(
    `p99 with 1 connection: ${times.toFixed(2)} times the peer's with 1 client (${met}: under ${p99RatioMax})`,
  );
}

const bed = await openBed();
const server = await startServer(bed);
try {
  const stock = stockOf(bed.sql);
  await stock(10_000);
  await bed.sql`vacuum analyze`;
  for (const { name, wallets } of kinds) printTable(name, await measure(bed, server, stock, wallets));
} finally {
  await server.stop();
  await bed.close();
}
