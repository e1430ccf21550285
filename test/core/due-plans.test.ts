import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Context } from '../../src/core/context.js';
import { schedule } from '../../src/jobs/schedule.js';
import { runBatch } from '../../src/jobs/runner.js';
import { doDueWork, moveTo } from '../support/due.js';
import { plansOver, rowsReadOf } from '../support/plans.js';
import { ask } from '../support/request.js';
import { startTestServer } from '../support/server.js';
import type { TestServer } from '../support/server.js';

/** Rows of each kind that a standing clock has due by the server's time. */
const standing = 1200;
/** Rows that a run of live due work may read of a table when nothing is due. */
const readMax = 20;
const firstNumber = 1_000_012_130_000_000;

let server: TestServer;

/** A thousand accounts on a clock that stands still, and what falls due for them if the server's time counted. */
async function makeStandingClock(): Promise<void> {
  const { sql } = server;
  const owner = await server.createTenant({ environment: 'test', balances: { EUR: 0 } });
  await ask(server.url, owner.apiKey, 'POST', '/numex/v1/test-clocks', { name: 'Stands still' });
  await sql`
    insert into account (public_id, environment, name, parent_id, price_list_id, created_at, clock_id)
    select 'SA_' || i, 'test', 'On the clock', ${owner.account.id}, ${owner.account.priceListId}, '2026-01-01', c.id
    from generate_series(1, ${standing}::int) i cross join test_clock c`;
  await sql`
    insert into wallet (environment, kind, account_id, currency, created_at, funded_at)
    select 'test', 'tenant', id, 'EUR', created_at, created_at from account where clock_id is not null`;
  const kinds = ['active', 'pending_release', 'awaiting_registration'];
  await sql`
    insert into number (id, group_id, city_id, country_no, region_id, features, type, status, rests_until, rest_clock_id)
    select ${firstNumber}::bigint + i, g.id, g.city_id, 0, g.region_id, g.features, 'l',
           case i / ${standing} when 3 then 's' when 4 then 'q' else 'r' end::"char",
           case i / ${standing} when 4 then timestamptz '2026-01-02' end,
           case i / ${standing} when 4 then c.id end
    from generate_series(0, ${5 * standing - 1}::int) i cross join test_clock c
    cross join (select * from number_group order by id limit 1) g`;
  await sql`
    insert into rental (id, number_id, account_id, wallet_id, group_id, order_id, state, currency, setup_minor,
                        recurring_minor, cycle, next_charge_at, started_at, updated_at, released_at, reclaim_until)
    select 1000000000 + i, ${firstNumber}::bigint + i, w.account_id, w.id, n.group_id, i + 1, kind.name, 'EUR', 0, 500, 'month',
           case kind.name when 'active' then timestamptz '2026-02-01' else timestamptz '2036-01-01' end,
           '2026-01-01', '2026-01-01',
           case kind.name when 'pending_release' then timestamptz '2026-01-01' end,
           case kind.name when 'pending_release' then timestamptz '2026-01-08' end
    from generate_series(0, ${3 * standing - 1}::int) i
    join number n on n.id = ${firstNumber}::bigint + i
    cross join lateral (select (${kinds}::text[])[i / ${standing} + 1] as name) kind
    join (select id, account_id, row_number() over (order by id) - 1 as place from wallet where funded_at is not null) w
      on w.place = i % ${standing}`;
  await sql`
    insert into reservation (id, number_id, account_id, payer_id, state, created_at, expires_at)
    select n.id, n.id, holder.id, holder.id, 'active', '2026-01-01', '2026-01-02'
    from number n cross join (select min(id) as id from account where clock_id is not null) holder
    where n.status = 's'`;
  await sql`
    update number set reservation_id = id, held_until = '9999-12-31T00:00:00Z' where status = 's'`;
  await sql`
    insert into idempotency (account_id, key, request_hash, created_at)
    select id, 'key', '\\x00', created_at from account where clock_id is not null`;
  await sql`vacuum analyze`;
}

beforeAll(async () => {
  server = await startTestServer();
  moveTo(server, '2026-06-01T00:00:00Z');
  await makeStandingClock();
});

afterAll(() => server.close());

it.each([
  ['expire_reservations', 'reservation'],
  ['renew_rentals', 'rental'],
  ['suspend_unregistered', 'rental'],
  ['end_reclaim_windows', 'rental'],
  ['end_quarantines', 'number'],
  ['recall_past_dues', 'wallet'],
  ['prune_idempotency', 'idempotency'],
])('%s reads no row of a test clock that stands still, once it has met it', async (name, table) => {
  const job = schedule.find((candidate) => candidate.name === name);
  if (!job) throw new Error(`no job ${name}`);
  const run = (ctx: Context) => runBatch(job, { sql: ctx.sql, clock: server.clock });
  // A run looks at a bounded number of due rows, and after three of them all have been met.
  for (let times = 0; times < 3; times++) expect((await run(server.operator())).done).toBe(0);
  await server.sql.unsafe(`analyze ${table}`);
  const plans = await plansOver(server, server.operator(), table, run);
  expect(plans.length).toBeGreaterThan(0);
  for (const plan of plans) expect(rowsReadOf(plan, table)).toBeLessThanOrEqual(readMax);
});

it('a rental that leaves a test clock for an account without one is charged by the server’s time again', async () => {
  const parent = await server.createTenant({ environment: 'test', balances: { EUR: 100_000 } });
  const { publicId } = parent.account;
  const sub = await server.createTenant({ environment: 'test', balances: {}, parent: publicId });
  const call = (method: string, path: string, body?: unknown) =>
    ask(server.url, parent.apiKey, method, `/numex/v1${path}`, body);
  const number = '+12135581999';
  await server.addNumbers([number], 'test');
  expect((await call('POST', '/orders', { lines: [{ number }], currency: 'EUR' })).status).toBe(201);
  const on = `/sub-accounts/${sub.account.publicId}/numbers/${number}`;
  expect((await call('PUT', on)).status).toBe(200);
  const made = (await call('POST', '/test-clocks', { name: 'Stands still' })).body as { id: string };
  const attached = await call('PUT', `/test-clocks/${made.id}/accounts/${sub.account.publicId}`);
  expect(attached.status).toBe(200);
  const charges = async (): Promise<number> => {
    const [row] = await server.sql<{ count: number }[]>`
      select count(*)::int as count from transfer t join rental r on r.id = t.rental_id
      where r.number_id = 1000012135581999 and t.kind = 'rental'`;
    return row?.count ?? 0;
  };
  server.clock.advance(32 * 86_400);
  await doDueWork(server);
  expect(await charges()).toBe(1);
  expect((await call('DELETE', on)).status).toBe(200);
  await doDueWork(server);
  expect(await charges()).toBeGreaterThan(1);
});

it('what a clock had set aside happens when the clock is moved', async () => {
  const tenant = await server.createTenant({ environment: 'test', balances: { EUR: 100_000 } });
  const call = (method: string, path: string, body?: unknown) =>
    ask(server.url, tenant.apiKey, method, `/numex/v1${path}`, body);
  const { id } = (await call('POST', '/test-clocks', { name: 'Moves later' })).body as { id: string };
  await call('PUT', `/test-clocks/${id}/accounts/${tenant.account.publicId}`);
  await server.addNumbers(['+12135581998', '+12135581997'], 'test');
  const order = await call('POST', '/orders', { lines: [{ number: '+12135581998' }] });
  expect(order.status).toBe(201);
  expect((await call('POST', '/reservations', { number: '+12135581997' })).status).toBe(201);
  server.clock.advance(40 * 86_400);
  await doDueWork(server);
  const [aside] = await server.sql<{ count: number }[]>`
    select count(*)::int as count from rental where account_id = ${tenant.account.id} and on_clock`;
  expect(aside?.count).toBe(1);
  const to = new Date(server.clock.now().getTime()).toISOString();
  expect((await call('POST', `/test-clocks/${id}/advance`, { to })).status).toBe(200);
  expect((await call('GET', '/reservations')).body).toMatchObject({ data: [] });
  const [charged] = await server.sql<{ count: number }[]>`
    select count(*)::int as count from transfer t join rental r on r.id = t.rental_id
    where r.account_id = ${tenant.account.id} and t.kind = 'rental'`;
  expect(charged?.count).toBe(2);
});
