import { afterAll, beforeAll, expect, test } from 'vitest';
import { pageOfTransfers } from '../../src/core/ledger/index.js';
import { pageOfRentals } from '../../src/core/rentals/index.js';
import { actAs } from '../support/calls.js';
import { plansOver } from '../support/plans.js';
import type { PlanNode } from '../support/plans.js';
import { startTestServer } from '../support/server.js';
import type { TestServer, TestTenant } from '../support/server.js';

/** 20,000 numbers held by twenty accounts, each with a charge; the tenant and its two sub-accounts have 3,000. */
const accounts = 20;
const first = 12_135_000_000;

let server: TestServer;
let tenant: TestTenant;

beforeAll(async () => {
  server = await startTestServer();
  tenant = await server.createTenant({ balances: { USD: 1_000_000_000 } });
  const { publicId: parent, id } = tenant.account;
  for (let n = 0; n < 2; n++) await server.createTenant({ parent, balances: {} });
  await server.addNumbers([`+${first}`]);
  await server.sql`
    insert into number (id, group_id, city_id, country_no, region_id, features, type, status)
    select id + i, group_id, city_id, country_no, region_id, features, type, 'r'
    from number cross join generate_series(1, 20000) i where id = ${first}`;
  await server.sql`
    insert into rental (id, number_id, account_id, wallet_id, group_id, order_id, state, currency, setup_minor,
      recurring_minor, cycle, next_charge_at, started_at, updated_at)
    select n.id, n.id, case when n.id % ${accounts} < 3 then ${id}::bigint else 1000000 end + n.id % ${accounts}, w.id, n.group_id, 1, 'active', 'USD', 0, 250, 'month', at, at, at
    from number n cross join (select min(id) as id from wallet where account_id = ${id}) w
    cross join lateral (select timestamptz '2026-01-01' + (n.id % 997) * interval '1 minute' as at) as time
    where n.id > ${first} and n.status = 'r'`;
  await server.sql`
    insert into transfer (debit_wallet_id, credit_wallet_id, amount_minor, currency, kind, rental_id, cycle_number,
      reference, request_id, created_at)
    select case when r.id % ${accounts} = 0 then r.wallet_id else 1000000 end, 2000000, 250, 'USD', 'rental', r.id, 0,
      '+' || r.number_id, 'req_test', r.started_at
    from rental r`;
  await server.sql`vacuum analyze number, rental, transfer, account`;
});

afterAll(() => server.close());

const rowsRead = (plan: readonly PlanNode[]): number =>
  Math.max(...plan.map((node) => node['Actual Rows'] * node['Actual Loops']));

const indexesOf = (plan: readonly PlanNode[]): string[] => plan.flatMap((node) => node['Index Name'] ?? []);

test('a page of rentals reads the newest of each account of the family, and no more', async () => {
  const input = { page: 1, perPage: 25, withSubAccounts: true };
  const ctx = actAs(server, tenant.account);
  const [paged = [], counted = []] = await plansOver(server, ctx, 'rental r', (inner) =>
    pageOfRentals({ ctx: inner, input }),
  );
  expect(indexesOf(paged)).toContain('rental_newest_by_account');
  expect(rowsRead(paged)).toBeLessThanOrEqual(3 * input.perPage);
  expect(counted.some((node) => node['Node Type'] === 'Seq Scan' && node['Relation Name'] === 'rental')).toBe(
    false,
  );
});

test('pages of rentals run through the family from the newest purchase, and say how many there are', async () => {
  const ctx = actAs(server, tenant.account);
  const page = (number: number, withSubAccounts: boolean) =>
    pageOfRentals({ ctx, input: { page: number, perPage: 100, withSubAccounts } });
  const [one, two, alone] = [await page(1, true), await page(2, true), await page(1, false)];
  expect([one.total, two.total, alone.total]).toEqual([3000, 3000, 1000]);
  const both = [...one.rentals, ...two.rentals].map(({ startedAt, id }) => [startedAt.getTime(), id]);
  const sorted = [...both].sort(([a = 0, x = 0], [b = 0, y = 0]) => b - a || y - x);
  expect(both).toEqual(sorted);
  expect(new Set(both.map(([, id]) => id)).size).toBe(200);
  expect(new Set(one.rentals.map((rental) => rental.account)).size).toBe(3);
  expect((await page(999_999_999, true)).rentals).toEqual([]);
});

test('a search for digits finds them anywhere in the number, in the test environment as well', async () => {
  const tester = await server.createTenant({ environment: 'test', balances: {} });
  const number = 1e15 + 441_615_550_123;
  await server.sql`
    insert into number (id, group_id, city_id, country_no, region_id, features, type, status)
    select ${number}, group_id, city_id, country_no, region_id, features, type, 'r' from number where id = ${first}`;
  await server.sql`
    insert into rental (id, number_id, account_id, wallet_id, group_id, order_id, state, currency, setup_minor,
      recurring_minor, cycle, next_charge_at, started_at, updated_at)
    select 1, ${number}, ${tester.account.id}, 1, group_id, 1, 'active', 'USD', 0, 0, 'month', started_at, started_at,
      started_at from rental limit 1`;
  const found = async (digits: string) => {
    const input = { page: 1, perPage: 10, withSubAccounts: true, digits };
    return (await pageOfRentals({ ctx: actAs(server, tester.account), input })).total;
  };
  expect([await found('4416'), await found('0123'), await found('1000'), await found('10000')]).toEqual([
    1, 1, 0, 0,
  ]);
});

test('a page of transfers reads the latest of each side of each wallet, and no more', async () => {
  const page = { offset: 0, limit: 50 };
  const ctx = actAs(server, tenant.account);
  const plans = await plansOver(server, ctx, 'transfer t', (inner) =>
    pageOfTransfers({ ctx: inner, input: { filters: {}, page } }),
  );
  expect(plans).toHaveLength(2);
  const [paged = []] = plans;
  expect(indexesOf(paged)).toEqual(
    expect.arrayContaining(['transfer_by_debit_wallet', 'transfer_by_credit_wallet']),
  );
  expect(rowsRead(paged)).toBeLessThanOrEqual(2 * page.limit);
});

test('the figures of transfers are of all that fit, whatever the page', async () => {
  const ctx = actAs(server, tenant.account);
  const filters = { direction: 'debit', kinds: ['rental'] } as const;
  const page = await pageOfTransfers({ ctx, input: { filters, page: { offset: 990, limit: 20 } } });
  expect([page.transfers.length, page.total]).toEqual([10, 1000]);
  expect(page.sums).toEqual([
    { kind: 'rental', direction: 'debit', currency: 'USD', count: 1000, amountMinor: 250_000 },
  ]);
});

test('a per cent sign in a description is looked for as it is', async () => {
  const ctx = actAs(server, tenant.account);
  const names = { rental: 'Rent', release_fee: 'Fee', refund: 'Refund', deposit: 'Payment' } as const;
  const found = async (contains: string) => {
    const description = { contains, names: { ...names, withdrawal: 'Out', adjustment: 'Change' } };
    const input = { filters: { description }, page: { offset: 0, limit: 1 } };
    return (await pageOfTransfers({ ctx, input })).total;
  };
  expect([await found('rent +1213'), await found('PAYMENT'), await found('%'), await found('_')]).toEqual([
    1000, 1, 0, 0,
  ]);
});
