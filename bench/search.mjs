// Search through HTTP: p50 and p99 of each kind of query, page of 50, at 1 and at 8 connections, on synthetic stock of
// BENCH_SIZE (1 or 10) million numbers, seven tenths of them in stock, and the lists of the dialects at 1 connection.
// `npm run bench -- search`; with BENCH_LISTS=only the lists alone. BENCH_DATA names a folder that is kept for the next run.
import { createAccount, createKey } from '../dist/core/accounts/index.js';
import { openWallet } from '../dist/core/ledger/index.js';
import { systemClock } from '../dist/lib/clock.js';
import { load, openBed, startServer } from './support/bed.mjs';
import { loadNumbers } from './search/load.mjs';
import { measureLists } from './search/measure-lists.mjs';
import { queryKinds, seededRandom } from './search/query-kinds.mjs';

const size = Number(process.env.BENCH_SIZE ?? 1);
const seconds = Number(process.env.BENCH_SECONDS ?? 4);
const inputsPerKind = 500;

const words = {
  country: 'country',
  regionId: 'region_id',
  cityId: 'city_id',
  type: 'type',
  startsWith: 'starts_with',
  contains: 'contains',
  endsWith: 'ends_with',
  pattern: 'pattern',
};

/** The query string of the own API for these filters. */
function queryOf(filters, publicIds) {
  const query = new URLSearchParams({ limit: '50' });
  for (const [key, word] of Object.entries(words)) {
    if (filters[key] !== undefined) query.set(word, String(filters[key]));
  }
  if (filters.groupId !== undefined) query.set('group_id', publicIds.get(filters.groupId));
  for (const feature of filters.features ?? []) query.append('features', feature);
  for (const prefix of filters.exclude ?? []) query.append('exclude', prefix);
  return query.toString();
}

const bed = await openBed();
const { sql } = bed;
const [{ present }] = await sql`select exists (select 1 from number) as present`;
if (!present) {
  const startedAt = performance.now();
  await loadNumbers(sql, size);
  console.log(
    `search: loaded ${size} million numbers in ${Math.round((performance.now() - startedAt) / 1000)} s`,
  );
}
await sql`vacuum analyze number`;
const ctx = { sql, clock: systemClock, actor: { kind: 'operator', keyId: null }, requestId: 'req_bench' };
const account = await createAccount({ ctx, input: { name: 'Searcher', environment: 'live' } });
await openWallet({ ctx, input: { account, currency: 'EUR' } });
const { apiKey } = await createKey({ ctx, input: { account, scope: 'read' } });
const publicIds = new Map(
  (await sql`select id, public_id from number_group`).map((row) => [row.id, row.public_id]),
);
const groups = [...publicIds.values()].filter((id) => id.startsWith('bench_'));
const server = await startServer(bed);
try {
  await measureLists({ port: server.port, caller: { account, apiKey, groups }, size, seconds });
  if (process.env.BENCH_LISTS === 'only') queryKinds.length = 0;
  console.log(
    `| search, ${size} million, ms | 1 conn p50 | p99 | 8 conn p50 | p99 |\n| --- | --- | --- | --- | --- |`,
  );
  for (const kind of queryKinds) {
    const random = seededRandom(20_260_304);
    const requests = Array.from({ length: inputsPerKind }, () => [
      'GET',
      `/numex/v1/numbers?${queryOf(kind.makeFilters(random), publicIds)}`,
      apiKey,
      '',
    ]);
    const cells = [];
    for (const connections of [1, 8]) {
      const setting = { port: server.port, connections, requests, repeat: true };
      await load(bed, { ...setting, seconds: 1 });
      const result = await load(bed, { ...setting, seconds });
      const [bad] = Object.keys(result.statuses).filter((status) => status !== '200');
      if (bad) throw new Error(`${kind.name}: status ${bad}: ${result.sample}`);
      cells.push(result.p50.toFixed(1), result.p99.toFixed(1));
    }
    console.log(`| ${kind.name} | ${cells.join(' | ')} |`);
  }
} finally {
  await server.stop();
  await bed.close();
}
