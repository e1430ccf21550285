// One owned number, authenticated, beside a bare Fastify route that does one indexed SELECT through the same driver.
import { createAccount, createKey } from '../dist/core/accounts/index.js';
import { deposit } from '../dist/core/ledger/index.js';
import { countryNo } from '../dist/core/stock/number-row.js';
import { systemClock } from '../dist/lib/clock.js';
import { here, load, median, openBed, startServer } from './support/bed.mjs';

const connections = 64;
const seconds = Number(process.env.BENCH_SECONDS ?? 8);
const rounds = Number(process.env.BENCH_ROUNDS ?? 3);
const owned = 500;

const bed = await openBed();
const server = await startServer(bed);
const bare = await startServer(bed, here('../read-bare.mjs'), []);
try {
  const { sql } = bed;
  const ctx = { sql, clock: systemClock, actor: { kind: 'operator', keyId: null }, requestId: 'req_bench' };
  const account = await createAccount({ ctx, input: { name: 'Reader', environment: 'live' } });
  await deposit({ ctx, input: { account, amountMinor: 1e9, currency: 'USD' } });
  const { apiKey } = await createKey({ ctx, input: { account, scope: 'full' } });
  const [group] =
    await sql`select id, region_id, city_id, features from number_group where public_id = 'abc-123'`;
  await sql`
    insert into number (id, group_id, city_id, country_no, region_id, features, type, status)
    select id, ${group.id}, ${group.city_id}, ${countryNo('US')}, ${group.region_id}, ${group.features}, 'l', 's'
    from generate_series(12132000000, 12132000000 + ${owned - 1}::bigint) id on conflict do nothing`;
  const rentals = [];
  for (let n = 0; n < owned; n += 100) {
    const lines = Array.from({ length: 100 }, (_, m) => ({ number: `+${12132000000 + n + m}` }));
    const answer = await fetch(`http://127.0.0.1:${server.port}/numex/v1/orders`, {
      method: 'POST',
      headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
      body: JSON.stringify({ lines }),
    });
    rentals.push(...(await answer.json()).results.map((result) => result.rental_id));
  }
  await sql`vacuum analyze`;
  const spread = (path) => rentals.map((id) => ['GET', path(id), apiKey, '']);
  const mine = [];
  const theirs = [];
  for (let round = 0; round < rounds; round++) {
    const bareRequests = spread((id) => `/${parseInt(id.slice(4), 36)}`);
    theirs.push(
      await load(bed, { port: bare.port, connections, seconds, requests: bareRequests, repeat: true }),
    );
    const ourRequests = spread((id) => `/numex/v1/rentals/${id}`);
    mine.push(
      await load(bed, { port: server.port, connections, seconds, requests: ourRequests, repeat: true }),
    );
  }
  const rate = median(mine.map((result) => result.perSecond));
  const bareRate = median(theirs.map((result) => result.perSecond));
  const statuses = JSON.stringify(mine.at(-1).statuses);
  console.log(
    `read one owned number: ${Math.round(rate)}/s (p99 ${median(mine.map((m) => m.p99)).toFixed(1)} ms, ${statuses}), ` +
      `bare route ${Math.round(bareRate)}/s, ratio ${(rate / bareRate).toFixed(2)} (goal 0.80)`,
  );
} finally {
  await bare.stop();
  await server.stop();
  await bed.close();
}
