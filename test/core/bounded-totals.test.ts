import { afterAll, beforeAll, expect, test } from 'vitest';
import { pageOfTransfers } from '../../src/core/ledger/index.js';
import { transfersCountedMax, transfersLookedAtMax } from '../../src/core/ledger/page-of-transfers.js';
import { rentalsCountedMax, rentalsLookedAtMax } from '../../src/core/rentals/page-of-rentals.js';
import { eachRental, pageOfRentals, rentalSliceSize } from '../../src/core/rentals/index.js';
import { callsCountedMax, callsLookedAtMax } from '../../src/core/usage/list-calls.js';
import { listCalls, summarizeCalls } from '../../src/core/usage/index.js';
import { actAs } from '../support/calls.js';
import { plansOver, rowsReadOf } from '../support/plans.js';
import { at } from '../support/request.js';
import { startTestServer } from '../support/server.js';
import type { TestServer, TestTenant } from '../support/server.js';
import { PiopiyClient } from '../dialects/piopiy/client.js';

/** A tenant with a long history: more of everything than a list may count. */
const many = 30_000;
const first = 12_135_000_000;
/** Rows that a page reads beside what is counted. */
const beside = 500;

let server: TestServer;
let tenant: TestTenant;

beforeAll(async () => {
  server = await startTestServer();
  tenant = await server.createTenant({ balances: { USD: 1_000_000_000 } });
  const { id } = tenant.account;
  await server.addNumbers([`+${first}`]);
  await server.sql`
    insert into number (id, group_id, city_id, country_no, region_id, features, type, status)
    select id + i, group_id, city_id, country_no, region_id, features, type, 'r'
    from number cross join generate_series(1, ${many}) i where id = ${first}`;
  await server.sql`
    insert into rental (id, number_id, account_id, wallet_id, group_id, order_id, state, currency, setup_minor,
      recurring_minor, cycle, next_charge_at, started_at, updated_at)
    select n.id, n.id, ${id}, w.id, n.group_id, 1, 'active', 'USD', 0, 250, 'month', at, at, at
    from number n cross join (select min(id) as id from wallet where account_id = ${id}) w
    cross join lateral (select timestamptz '2026-01-01' + (n.id % 997) * interval '1 minute' as at) as time
    where n.id > ${first}`;
  await server.sql`
    insert into transfer (debit_wallet_id, credit_wallet_id, amount_minor, currency, kind, rental_id, cycle_number,
      reference, request_id, created_at)
    select r.wallet_id, 2000000, 250, 'USD', 'rental', r.id, 0, '+' || r.number_id, 'req_test', r.started_at
    from rental r order by r.id`;
  await server.sql`
    insert into call (environment, call_id, direction, from_digits, to_digits, started_at, answered_at, ended_at,
      duration_seconds, billable_seconds, hangup_cause, recorded_at, updated_at)
    select 'live', 'c' || i, 'inbound', 4915112345678, ${first}::bigint + i, at, at, at, 60, 60,
      case when i <= 10 then 'BUSY' else 'NORMAL' end, at, at
    from generate_series(1, ${many}) i
    cross join lateral (select timestamptz '2026-01-01' + i * interval '1 minute' as at) as time`;
  await server.sql`
    insert into call_party (call_id, number_id, account_id, direction, started_at, in_progress)
    select id, to_digits, ${id}, 'inbound', started_at, false from call`;
  await server.sql`vacuum analyze number, rental, transfer, call, call_party, account`;
}, 120_000);

afterAll(() => server.close());

/** The most that one statement over a table reads of it. */
async function mostRead(table: string, work: (ctx: ReturnType<typeof actAs>) => Promise<unknown>) {
  const plans = await plansOver(server, actAs(server, tenant.account), table, work);
  const [name = ''] = table.split(' ');
  return Math.max(...plans.map((plan) => rowsReadOf(plan, name)));
}

test('the total of transfers looks at the latest entries only, and says that there is more behind a full page', async () => {
  const ctx = actAs(server, tenant.account);
  const page = { offset: 0, limit: 50 };
  const everything = { filters: {}, page };
  expect((await pageOfTransfers({ ctx, input: everything })).total).toBe(transfersCountedMax + 1);
  const behind = { filters: {}, page: { offset: transfersCountedMax, limit: 50 } };
  expect((await pageOfTransfers({ ctx, input: behind })).total).toBe(transfersCountedMax + 51);
  expect(
    await mostRead('transfer t', (inner) => pageOfTransfers({ ctx: inner, input: everything })),
  ).toBeLessThan(transfersCountedMax + beside);
  const described = { filters: { kinds: ['rental'] as const, reference: '+1213' }, page };
  const { total, sums } = await pageOfTransfers({ ctx, input: described });
  expect([total, sums[0]?.amountMinor]).toEqual([transfersLookedAtMax, transfersLookedAtMax * 250]);
  expect(
    await mostRead('transfer t', (inner) => pageOfTransfers({ ctx: inner, input: described })),
  ).toBeLessThan(transfersLookedAtMax + beside);
});

test('the total of rentals looks at so many of them, with digits and without', async () => {
  const ctx = actAs(server, tenant.account);
  const input = { page: 1, perPage: 100, withSubAccounts: true };
  expect((await pageOfRentals({ ctx, input })).total).toBe(rentalsCountedMax);
  expect((await pageOfRentals({ ctx, input: { ...input, page: 101 } })).total).toBe(rentalsCountedMax + 101);
  expect((await pageOfRentals({ ctx, input: { ...input, page: many / 100 } })).total).toBe(many + 1);
  const withDigits = { ...input, digits: '1213' };
  expect((await pageOfRentals({ ctx, input: withDigits })).total).toBe(rentalsLookedAtMax);
  for (const asked of [input, withDigits]) {
    expect(
      await mostRead('rental r', (inner) => pageOfRentals({ ctx: inner, input: asked })),
    ).toBeLessThanOrEqual(rentalsLookedAtMax);
  }
});

test('the figures of calls are of the latest ones, say so, and reach further back by dates', async () => {
  const ctx = actAs(server, tenant.account);
  const page = { offset: 0, limit: 50 };
  const { total, summary } = await listCalls({ ctx, input: { filters: {}, page } });
  expect(total).toBe(callsCountedMax);
  expect(summary).toMatchObject({
    calls: callsCountedMax,
    isExact: false,
    durationSeconds: callsCountedMax * 60,
  });
  const early = { startedUntil: new Date('2026-01-01T02:00:00Z') };
  expect(await summarizeCalls({ ctx, input: { filters: early } })).toMatchObject({
    calls: 119,
    isExact: true,
  });
  const busy = { filters: { hangupCause: 'busy' } };
  expect(await summarizeCalls({ ctx, input: busy })).toMatchObject({ calls: 0, isExact: false });
  const dated = { filters: { ...early, ...busy.filters } };
  expect(await summarizeCalls({ ctx, input: dated })).toMatchObject({ calls: 10, isExact: true });
  // Each call is looked at once, and once more for another leg of its own.
  for (const input of [{ filters: {} }, busy]) {
    expect(
      await mostRead('call_party p', (inner) => summarizeCalls({ ctx: inner, input })),
    ).toBeLessThanOrEqual(2 * callsLookedAtMax);
  }
});

test('a list without pages is read a slice at a time, each only when the one before has gone', async () => {
  const slices = eachRental({ ctx: actAs(server, tenant.account), input: {} });
  const one = (await slices.next()).value ?? [];
  expect(one).toHaveLength(rentalSliceSize);
  const next = one.at(-1)?.id ?? 0;
  await server.sql`update rental set state = 'ended', ended_at = started_at where id = ${next + 1}`;
  const two = (await slices.next()).value ?? [];
  expect(two[0]?.id).toBe(next + 2);
  await server.sql`update rental set state = 'active', ended_at = null where id = ${next + 1}`;
});

test('Piopiy’s list of all purchased numbers has each of them once, in one answer', async () => {
  const { status, headers, body } = await new PiopiyClient(server.url, tenant.apiKey).owned();
  expect(status).toBe(200);
  expect(headers.get('content-type')).toMatch(/^application\/json/);
  const numbers = (at(body, 'data') as { number: string; status: string }[]).map(({ number }) => number);
  expect(numbers).toEqual(Array.from({ length: many }, (_, n) => `+${first + 1 + n}`));
});
