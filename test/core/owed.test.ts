import { afterAll, beforeAll, expect, test } from 'vitest';
import { cycleStart } from '../../src/core/billing/index.js';
import { listOwed } from '../../src/core/rentals/index.js';
import type { ChargePosition } from '../../src/core/rentals/index.js';
import { addSeconds, secondsPerDay } from '../../src/lib/clock.js';
import { actAs } from '../support/calls.js';
import { at } from '../support/request.js';
import { OwnApi } from '../dialects/numex/client.js';
import { startTestServer } from '../support/server.js';
import type { TestServer, TestTenant } from '../support/server.js';

/** Numbers of the tenant that go on, beside a few that are being released: more than one answer could ever show. */
const held = 12_000;
const first = 12_135_000_000;

let server: TestServer;
let tenant: TestTenant;

beforeAll(async () => {
  server = await startTestServer();
  tenant = await server.createTenant({ balances: { USD: 1_000_000 } });
  await server.addNumbers([`+${first}`]);
  await server.sql`
    insert into number (id, group_id, city_id, country_no, region_id, features, type, status)
    select id + i, group_id, city_id, country_no, region_id, features, type, 'r'
    from number cross join generate_series(1, ${held + 10}) i where id = ${first}`;
  // Starts on every day of January, so that monthly cycles meet all lengths of months; one charge has been paid.
  await server.sql`
    insert into rental (id, number_id, account_id, wallet_id, group_id, order_id, state, currency, setup_minor,
      recurring_minor, cycle, cycle_number, next_charge_at, started_at, updated_at, released_at, reclaim_until)
    select n.id, n.id, ${tenant.account.id}, w.id, n.group_id, 1,
      case when i <= ${held} then 'active' else 'pending_release' end, case when i % 5 = 0 then 'EUR' else 'USD' end, 0,
      100 + i % 7, (case when i % 2 = 0 then 'month' else '28d' end)::billing_cycle, 1, at, at, at, at, at
    from number n cross join lateral (select n.id - ${first} as i) place
    cross join lateral (select timestamptz '2026-01-01T00:30:00Z' + (i % 31) * interval '24 hours'
      + (i % 997) * interval '1 minute' as at) as time
    cross join (select min(id) as id from wallet where account_id = ${tenant.account.id}) w
    where n.id > ${first}`;
  const started = await server.sql<{ id: number; cycle: 'month' | '28d'; at: Date }[]>`
    select id, cycle, started_at as at from rental`;
  const next = started.map((row) => cycleStart(row.cycle, row.at, 2));
  await server.sql`
    update rental r set next_charge_at = given.at
    from unnest(${started.map((row) => row.id)}::bigint[],
      ${next.map((date) => date.toISOString())}::text[]::timestamptz[]) as given (id, at)
    where r.id = given.id`;
  await server.sql`vacuum analyze rental`;
});

afterAll(() => server.close());

interface Charge {
  readonly due: number;
  readonly rentalId: number;
  readonly currency: string;
  readonly amountMinor: number;
}

/** What the calendar of the desk and of renewals says, rental by rental. */
async function expectedUntil(until: Date): Promise<Charge[]> {
  const rows = await server.sql<
    { id: number; cycle: 'month' | '28d'; at: Date; currency: string; amountMinor: number }[]
  >`
    select id, cycle, started_at as at, currency, recurring_minor as "amountMinor" from rental where state = 'active'`;
  const charges = rows.flatMap(({ id, cycle, at: start, currency, amountMinor }) => {
    const dues: Charge[] = [];
    for (let n = 2; cycleStart(cycle, start, n) <= until; n++) {
      dues.push({ due: cycleStart(cycle, start, n).getTime(), rentalId: id, currency, amountMinor });
    }
    return dues;
  });
  return charges.sort((a, b) => a.due - b.due || a.rentalId - b.rentalId);
}

test('every rental counts towards what is owed, also beyond ten thousand', async () => {
  for (const days of [10, 31, 366]) {
    const until = addSeconds(server.clock.now(), days * secondsPerDay);
    const expected = await expectedUntil(until);
    const sums = new Map<string, number>();
    for (const { currency, amountMinor } of expected) {
      sums.set(currency, (sums.get(currency) ?? 0) + amountMinor);
    }
    const { totals } = await listOwed({ ctx: actAs(server, tenant.account), input: { until, limit: 1 } });
    expect(totals).toEqual(['EUR', 'USD'].map((currency) => ({ currency, amountMinor: sums.get(currency) })));
  }
});

test('pages of charges run through all of them, the earliest first, and each comes once', async () => {
  const until = addSeconds(server.clock.now(), 60 * secondsPerDay);
  const expected = await expectedUntil(until);
  expect(expected.length).toBeGreaterThan(held);
  const found: number[][] = [];
  let after: ChargePosition | undefined;
  for (let last = 0; last === found.length; last += 4000) {
    const input = { until, after, limit: 4000 };
    const { charges } = await listOwed({ ctx: actAs(server, tenant.account), input });
    found.push(...charges.map(({ dueAt, rentalId }) => [dueAt.getTime(), rentalId]));
    const end = charges.at(-1);
    if (end) after = { at: end.dueAt, id: end.rentalId };
    if (charges.length < 4000) break;
  }
  expect(found).toEqual(expected.map(({ due, rentalId }) => [due, rentalId]));
});

test('the own API shows a page of charges with the sums of all, and goes on by its cursor', async () => {
  const api = new OwnApi(server.url, tenant.apiKey);
  const one = await api.get('/owed?days=31&limit=100');
  const two = await api.get(`/owed?days=31&limit=100&cursor=${String(at(one.body, 'next_cursor'))}`);
  expect(at(two.body, 'totals')).toEqual(at(one.body, 'totals'));
  const expected = await expectedUntil(addSeconds(server.clock.now(), 31 * secondsPerDay));
  const shown = [one, two].flatMap((answer) => at(answer.body, 'charges') as { due_at: string }[]);
  expect(shown.map(({ due_at: dueAt }) => Date.parse(dueAt))).toEqual(
    expected.slice(0, 200).map(({ due }) => due),
  );
});
