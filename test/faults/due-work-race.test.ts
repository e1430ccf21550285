import { afterAll, beforeAll, expect, it } from 'vitest';
import { openPool, hotPathSettings } from '../../src/database/connection.js';
import type { Pool } from '../../src/database/connection.js';
import { JobRunner } from '../../src/jobs/runner.js';
import { schedule } from '../../src/jobs/schedule.js';
import { buyAll, eventsOf, expectOrderlyBooks, moveTo } from '../support/due.js';
import { until } from '../support/process.js';
import { ask, at } from '../support/request.js';
import { startTestServer } from '../support/server.js';
import type { TestServer, TestTenant } from '../support/server.js';

let server: TestServer;
let nextLine = 1000;

const jobs = schedule.map((job) => ({ ...job, idleSeconds: 0.02 }));

beforeAll(async () => {
  server = await startTestServer();
  moveTo(server, '2027-01-31T10:00:00Z');
});

afterAll(() => server.close());

async function tenantWith(count: number, minor: number): Promise<TestTenant> {
  const tenant = await server.createTenant({ balances: { EUR: count * 500 + minor } });
  const numbers = Array.from({ length: count }, () => `+1213556${nextLine++}`);
  await server.addNumbers(numbers);
  for (let start = 0; start < count; start += 100) {
    await buyAll(server, tenant, numbers.slice(start, start + 100));
  }
  return tenant;
}

/** A process of its own, as far as the database can tell. */
function startProcess(): { failures: number; stop: () => Promise<void> } {
  const sql: Pool = openPool({
    url: server.databaseUrl,
    connectionsMax: 2,
    applicationName: 'numex-jobs-race',
    settings: hotPathSettings,
  });
  const runner = new JobRunner(
    jobs,
    { sql, clock: server.clock },
    { batchDone: () => undefined, batchFailed: () => (running.failures += 1) },
  );
  const running = {
    failures: 0,
    stop: async () => {
      await runner.stop();
      await sql.end({ timeout: 5 });
    },
  };
  runner.start();
  return running;
}

async function chargeCount(tenant: TestTenant): Promise<number> {
  const [row] = await server.sql<{ count: number }[]>`
    select count(*)::int as count from transfer t join rental r on r.id = t.rental_id
    where t.kind = 'rental' and r.account_id = ${tenant.account.id}`;
  return row?.count ?? 0;
}

async function balanceOf(tenant: TestTenant): Promise<number> {
  const [row] = await server.sql<{ minor: number }[]>`
    select balance_minor as minor from wallet where account_id = ${tenant.account.id}`;
  return row?.minor ?? Number.NaN;
}

it('two processes at the same due work charge each cycle once, and the earliest due where money is short', async () => {
  moveTo(server, '2027-01-31T10:00:00Z');
  const rich = await tenantWith(300, 300 * 3 * 500);
  const poor = await tenantWith(200, 120 * 500);
  moveTo(server, '2027-04-26T00:00:00Z');
  const processes = [startProcess(), startProcess()];
  await until(40, async () => (await chargeCount(rich)) >= 300 * 4 && (await chargeCount(poor)) >= 320);
  await until(40, async () => {
    const [row] = await server.sql<{ open: number }[]>`
      select count(*)::int as open from rental
      where account_id = ${poor.account.id} and state = 'active' and cycle_number = 0`;
    return row?.open === 0;
  });
  await Promise.all(processes.map((process) => process.stop()));
  expect(await chargeCount(rich)).toBe(1200);
  expect(await balanceOf(rich)).toBe(0);
  // All fell due at the same instant for the first time: 120 were paid, the other 80 released; none was paid twice before.
  expect(await chargeCount(poor)).toBe(320);
  expect(await balanceOf(poor)).toBe(0);
  const [cycles] = await server.sql<{ most: number }[]>`
    select max(cycle_number)::int as most from rental where account_id = ${poor.account.id}`;
  expect(cycles?.most).toBe(1);
  expect(processes.map((process) => process.failures)).toEqual([0, 0]);
  await expectOrderlyBooks(server);
});

it('a crash in the middle repeats what was not done, and loses nothing', async () => {
  moveTo(server, '2027-01-31T10:00:00Z');
  const tenant = await tenantWith(600, 600 * 5 * 500);
  const held = Array.from({ length: 40 }, () => `+1213556${nextLine++}`);
  await server.addNumbers(held);
  for (const number of held) {
    await ask(server.url, tenant.apiKey, 'POST', '/numex/v1/reservations', { number });
  }
  moveTo(server, '2027-06-20T12:00:00Z');
  const processes = [startProcess(), startProcess()];
  let killed = 0;
  for (let round = 0; round < 6; round++) {
    // Whatever is in a transaction dies in it.
    await until(20, async () => {
      const rows = await server.sql`
        select pg_terminate_backend(pid) from pg_stat_activity
        where application_name = 'numex-jobs-race' and xact_start is not null and state <> 'idle'`;
      killed += rows.length;
      return rows.length > 0;
    });
  }
  await until(50, async () => (await chargeCount(tenant)) >= 600 * 6);
  await until(20, async () => (await eventsOf(server, tenant, ['reservation.expired'])).length >= 40);
  await Promise.all(processes.map((process) => process.stop()));
  expect(killed).toBeGreaterThan(0);
  expect(processes.reduce((sum, process) => sum + process.failures, 0)).toBeGreaterThan(0);
  expect(await chargeCount(tenant)).toBe(3600);
  expect(await balanceOf(tenant)).toBe(0);
  expect(await eventsOf(server, tenant, ['reservation.expired'])).toHaveLength(40);
  expect(await eventsOf(server, tenant, ['rental.renewed'])).toHaveLength(3000);
  await expectOrderlyBooks(server);
});

it('a release and a renewal of the same rental come one after the other, whichever is first', async () => {
  moveTo(server, '2027-01-31T10:00:00Z');
  const tenant = await server.createTenant({ balances: { EUR: 60 * 2 * 500 } });
  const numbers = Array.from({ length: 60 }, () => `+1213556${nextLine++}`);
  await server.addNumbers(numbers);
  const rentals = await buyAll(server, tenant, numbers);
  moveTo(server, '2027-02-28T10:00:00Z');
  const process = startProcess();
  const answers = await Promise.all(
    rentals.map((rental) =>
      ask(server.url, tenant.apiKey, 'DELETE', `/numex/v1/rentals/${rental}?leaves=end_of_cycle`),
    ),
  );
  await process.stop();
  expect(answers.map((answer) => answer.status)).toEqual(rentals.map(() => 200));
  const rows = await server.sql<{ paid: number; until: Date }[]>`
    select cycle_number as paid, coalesce(reclaim_until, ended_at) as until
    from rental where account_id = ${tenant.account.id}`;
  // Whoever was charged first keeps the number until the end of what is paid; the others went at once.
  for (const { paid, until: end } of rows) {
    expect(end.toISOString()).toBe(paid === 1 ? '2027-03-28T10:00:00.000Z' : '2027-02-28T10:00:00.000Z');
  }
  await expectOrderlyBooks(server);
});

it('two advances of one clock at the same time charge each cycle once and end at the later time', async () => {
  moveTo(server, '2027-01-31T10:00:00Z');
  const tenant = await server.createTenant({ environment: 'test', balances: { EUR: 1_000_000 } });
  const numbers = Array.from({ length: 50 }, () => `+1213556${nextLine++}`);
  await server.addNumbers(numbers, 'test');
  const call = (method: string, path: string, body?: unknown) =>
    ask(server.url, tenant.apiKey, method, `/numex/v1${path}`, body);
  const clock = String(at((await call('POST', '/test-clocks', { name: 'Race' })).body, 'id'));
  await call('PUT', `/test-clocks/${clock}/accounts/${tenant.account.publicId}`);
  await buyAll(server, tenant, numbers);
  const answers = await Promise.all(
    ['2027-12-31T00:00:00Z', '2027-06-30T00:00:00Z', '2027-09-30T00:00:00Z'].map((to) =>
      call('POST', `/test-clocks/${clock}/advance`, { to }),
    ),
  );
  expect(answers.map((answer) => answer.status)).toEqual([200, 200, 200]);
  expect((await call('GET', '/test-clocks')).body).toMatchObject({
    data: [{ now: '2027-12-31T00:00:00.000Z' }],
  });
  expect(await chargeCount(tenant)).toBe(50 * 12);
  await expectOrderlyBooks(server);
});
