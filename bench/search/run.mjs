/**
 * Measures every kind of search through its verb, without HTTP:
 *
 *   node bench/search/run.mjs --url postgres://… [--size 1|10] [--load] [--callers 1,8] [--rounds 300] [--kind WORD]
 *
 * The database has to be migrated; `--load` fills it with synthetic numbers first (10 million take some minutes).
 */
import { parseArgs } from 'node:util';
import { searchNumbers } from '../../dist/core/stock/search/index.js';
import { openPool } from '../../dist/database/connection.js';
import { systemClock } from '../../dist/lib/clock.js';
import { loadNumbers } from './load.mjs';
import { queryKinds, seededRandom } from './query-kinds.mjs';

const { values } = parseArgs({
  options: {
    url: { type: 'string' },
    size: { type: 'string', default: '1' },
    load: { type: 'boolean', default: false },
    callers: { type: 'string', default: '1,8' },
    rounds: { type: 'string', default: '300' },
    kind: { type: 'string', default: '' },
  },
});
const callersMax = 8;
const pageLimit = 50;

const sql = openPool({ url: values.url, connectionsMax: callersMax, applicationName: 'numex-bench' });
const ctx = { sql, clock: systemClock, actor: { kind: 'system', name: 'bench' }, requestId: 'req_bench' };

if (values.load) {
  const startedAt = performance.now();
  await loadNumbers(sql, Number(values.size));
  console.log(`loaded ${values.size} million in ${((performance.now() - startedAt) / 1000).toFixed(0)} s`);
}

/** Milliseconds of each call, by `callers` at a time, and how many numbers were found at all. */
async function measure(kind, callers, rounds) {
  const random = seededRandom(20_260_304);
  const inputs = Array.from({ length: rounds }, () => kind.makeFilters(random));
  const times = [];
  let found = 0;
  let slowest;
  const caller = async () => {
    for (let filters = inputs.pop(); filters; filters = inputs.pop()) {
      const startedAt = performance.now();
      const page = await searchNumbers({ ctx, input: { filters, limit: pageLimit } });
      const took = performance.now() - startedAt;
      if (!slowest || took > slowest.took) slowest = { took, filters };
      times.push(took);
      found += page.numbers.length;
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
  times.sort((a, b) => a - b);
  const at = (share) => times[Math.min(times.length - 1, Math.floor(times.length * share))];
  return { p50: at(0.5), p99: at(0.99), max: times.at(-1), found: found / rounds, slowest };
}

const rounds = Number(values.rounds);
for (const callers of values.callers.split(',').map(Number)) {
  console.log(
    `\n| ${callers} caller${callers > 1 ? 's' : ''}, ms | p50 | p99 | max | found |\n| --- | --- | --- | --- | --- |`,
  );
  for (const kind of queryKinds.filter(({ name }) => name.includes(values.kind))) {
    await measure(kind, callers, Math.ceil(rounds / 10));
    const { p50, p99, max, found, slowest } = await measure(kind, callers, rounds);
    console.log(
      `| ${kind.name} | ${p50.toFixed(1)} | ${p99.toFixed(1)} | ${max.toFixed(1)} | ${found.toFixed(0)} |`,
    );
    if (values.kind) console.log('slowest:', JSON.stringify(slowest));
  }
}
await sql.end();
