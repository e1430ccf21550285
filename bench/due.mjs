// Renewals that all fall due at once: how many a second one process charges. `npm run bench -- due`; BENCH_SIZE says how
// many rentals (50000), BENCH_WALLETS how many accounts pay for them (1000).
import { createAccount } from '../dist/core/accounts/index.js';
import { deposit, houseWalletId } from '../dist/core/ledger/index.js';
import { countryNo } from '../dist/core/stock/number-row.js';
import { hotPathSettings, openPool } from '../dist/database/connection.js';
import { renewRentalsJob } from '../dist/jobs/renew-rentals.js';
import { runBatch } from '../dist/jobs/runner.js';
import { systemClock } from '../dist/lib/clock.js';
import { openBed } from './support/bed.mjs';

const size = Number(process.env.BENCH_SIZE ?? 50_000);
const walletCount = Number(process.env.BENCH_WALLETS ?? 1000);
const goal = 5000;
const firstNumber = 12130000000;

async function makePayers(sql) {
  const ctx = { sql, clock: systemClock, actor: { kind: 'operator', keyId: null }, requestId: 'req_bench' };
  await houseWalletId(sql, 'live', 'revenue', 'EUR', new Date());
  for (let n = 0; n < walletCount; n++) {
    const account = await createAccount({ ctx, input: { name: `Payer ${n}`, environment: 'live' } });
    await deposit({ ctx, input: { account, amountMinor: 1e11, currency: 'EUR' } });
  }
}

/** Rentals that began 28 days ago, all in the same second: the accounts take turns. */
async function addRentals(sql) {
  const [group] =
    await sql`select id, region_id, city_id, features from number_group where public_id = 'abc-123'`;
  await sql`
    insert into number (id, group_id, city_id, country_no, region_id, features, type, status)
    select id, ${group.id}, ${group.city_id}, ${countryNo('US')}, ${group.region_id}, ${group.features}, 'l', 'r'
    from generate_series(${firstNumber}::bigint, ${firstNumber + size - 1}::bigint) id`;
  await sql`
    insert into rental (id, number_id, account_id, wallet_id, group_id, order_id, state, currency, setup_minor,
                        recurring_minor, cycle, next_charge_at, started_at, updated_at)
    select n, ${firstNumber} + n - 1, w.account_id, w.id, ${group.id}, n, 'active', 'EUR', 0, 500, '28d',
           now() - interval '1 hour', now() - interval '673 hours', now()
    from generate_series(1, ${size}::bigint) n
    join (select id, account_id, row_number() over (order by id) as place from wallet where kind = 'tenant') w
      on w.place = n % ${walletCount} + 1`;
}

const bed = await openBed();
const pool = openPool({
  url: bed.url,
  connectionsMax: 2,
  applicationName: 'numex-jobs',
  settings: hotPathSettings,
});
try {
  await makePayers(bed.sql);
  await addRentals(bed.sql);
  await bed.sql`vacuum analyze`;
  const startedAt = performance.now();
  let charged = 0;
  for (;;) {
    const { done } = await runBatch(renewRentalsJob, { sql: pool, clock: systemClock });
    if (done === 0) break;
    charged += done;
  }
  const seconds = (performance.now() - startedAt) / 1000;
  if (charged !== size) throw new Error(`${charged} of ${size} rentals were charged`);
  console.log(
    `due: ${size} renewals from ${walletCount} wallets in ${seconds.toFixed(1)} s, ` +
      `${Math.round(size / seconds)}/s (goal ${goal})`,
  );
} finally {
  await pool.end();
  await bed.close();
}
