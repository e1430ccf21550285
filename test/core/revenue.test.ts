import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../../src/cli/main.js';
import { adjust, refund, withdraw } from '../../src/core/ledger/index.js';
import { bodyOf, dataOf, expectProblem, OwnApi } from '../dialects/numex/client.js';
import { doDueWork } from '../support/due.js';
import { startTestServer } from '../support/server.js';
import type { TestServer, TestTenant } from '../support/server.js';

let server: TestServer;
let admin: OwnApi;
let rich: TestTenant;
let poor: TestTenant;
/** What one number costs at first, and each cycle. */
let firstMinor: number;
let cycleMinor: number;

const secondsPerDay = 86_400;
const reason = 'Agreed';

/** 4 March: both rent a number. 4 April: one pays again, the other cannot. Then a refund and a correction for the first. */
beforeAll(async () => {
  server = await startTestServer();
  admin = new OwnApi(server.url, await server.createAdminKey());
  rich = await server.createTenant({ name: 'Rich' });
  poor = await server.createTenant({ name: 'Poor' });
  await server.addNumbers(['+12135551234', '+12135551235']);
  await buy(rich, '+12135551234');
  await buy(poor, '+12135551235');
  const [rental] = await server.sql<{ setup: number; recurring: number }[]>`
    select setup_minor as setup, recurring_minor as recurring from rental limit 1`;
  cycleMinor = rental?.recurring ?? 0;
  firstMinor = cycleMinor + (rental?.setup ?? 0);
  const ctx = server.operator();
  const [wallet] = await server.sql<{ left: number }[]>`
    select balance_minor as left from wallet where account_id = ${poor.account.id}`;
  const all = { account: poor.account, amountMinor: wallet?.left ?? 0, currency: 'USD', reason };
  await withdraw({ ctx, input: all });
  server.clock.advance(31 * secondsPerDay);
  await doDueWork(server);
  const money = { account: rich.account, amountMinor: 30, currency: 'USD', reason };
  await refund({ ctx, input: money });
  await adjust({ ctx, input: { ...money, amountMinor: -5 } });
});

afterAll(() => server.close());

async function buy({ apiKey }: TestTenant, number: string): Promise<void> {
  const own = new OwnApi(server.url, apiKey);
  bodyOf(await own.post('/orders', { lines: [{ number }], currency: 'USD' }), 201);
}

async function numexJson(...args: string[]): Promise<Record<string, unknown>> {
  let out = '';
  const close = () => Promise.resolve();
  const code = await runCli([...args, '--json'], {
    openDatabase: () => Promise.resolve({ url: server.databaseUrl, pool: server.sql, close }),
    runServer: () => Promise.resolve(),
    out: (text) => (out += text),
    err: (text) => (out += text),
  });
  expect(code, out).toBe(0);
  return JSON.parse(out) as Record<string, unknown>;
}

const earned = {
  country: null,
  type: null,
  account: null,
  account_name: null,
  currency: 'USD',
  release_fees_minor: 0,
};

describe('revenue', () => {
  it('is what was charged less what was given back, in the month that it is dated by', async () => {
    const rows = dataOf(await admin.get('/revenue?from=2026-03&until=2026-04'));
    expect(rows).toEqual([
      {
        ...earned,
        month: '2026-03',
        rentals_minor: 2 * firstMinor,
        refunds_minor: 0,
        adjustments_minor: 0,
        total_minor: 2 * firstMinor,
      },
      {
        ...earned,
        month: '2026-04',
        rentals_minor: cycleMinor,
        refunds_minor: 30,
        adjustments_minor: 5,
        total_minor: cycleMinor - 25,
      },
    ]);
    const [house] = await server.sql<{ minor: number }[]>`
      select balance_minor as minor from wallet where kind = 'revenue' and environment = 'live' and currency = 'USD'`;
    expect(house?.minor).toBe(2 * firstMinor + cycleMinor - 25);
    expect(dataOf(await admin.get('/revenue?from=2026-03&until=2026-04&environment=test'))).toEqual([]);
    expect(dataOf(await admin.get('/revenue'))).toEqual([rows[1]]);
  });

  it('is told apart by country, type and account, a page at a time', async () => {
    const query = '/revenue?from=2026-03&until=2026-04&by=country,type,account&limit=1';
    const rows: Record<string, unknown>[] = [];
    let cursor = '';
    do {
      const body = bodyOf(await admin.get(`${query}${cursor}`));
      rows.push(...(body['data'] as Record<string, unknown>[]));
      const next = body['next_cursor'] as string | null;
      cursor = next === null ? '' : `&cursor=${next}`;
    } while (cursor !== '');
    const named = rows.map((row) => [row['country'], row['type'], row['account_name'], row['total_minor']]);
    expect(named).toHaveLength(3);
    expect(named).toContainEqual(['US', 'local', 'Rich', firstMinor + cycleMinor]);
    expect(named).toContainEqual(['US', 'local', 'Poor', firstMinor]);
    // What was given back by hand belongs to no rental.
    expect(named).toContainEqual([null, null, 'Rich', -25]);
    const args = ['--from', '2026-03', '--until', '2026-04', '--by', 'country,type,account'];
    const told = (await numexJson('revenue', ...args))['revenue'] as Record<string, unknown>[];
    expect(told.map((row) => row['account'])).toEqual(rows.map((row) => row['account']));
  });

  it('refuses other words, months in the wrong order, and everybody but the operator', async () => {
    for (const query of ['by=colour', 'from=2026-05&until=2026-04', 'from=2020-01&until=2026-04'])
      expectProblem(await admin.get(`/revenue?${query}`), 400, 'invalid_input');
    const own = new OwnApi(server.url, rich.apiKey);
    for (const path of ['/revenue', '/due', '/past-dues'])
      expectProblem(await own.get(path), 403, 'forbidden');
  });
});

describe('what is due', () => {
  it('is summed up by day over all accounts', async () => {
    const body = bodyOf(await admin.get('/due?days=31'));
    const days = body['data'] as Record<string, unknown>[];
    expect(days).toEqual([
      { day: expect.any(String) as string, charges: 2, amount_minor: 2 * cycleMinor, currency: 'USD' },
    ]);
    const owed = bodyOf(await admin.actingFor(rich.account.publicId).get('/owed?days=31'));
    expect(owed['charges']).toEqual([
      expect.objectContaining({ due_at: expect.stringContaining(String(days[0]?.['day'])) as string }),
    ]);
    expect(dataOf(await admin.get('/due?days=1'))).toEqual([]);
  });

  it('is listed once it is past due, with who owes it and since when', async () => {
    const rows = dataOf(await admin.get('/past-dues'));
    expect(rows).toMatchObject([
      {
        number: '+12135551235',
        account: poor.account.publicId,
        account_name: 'Poor',
        amount_minor: cycleMinor,
        currency: 'USD',
      },
    ]);
    expect(dataOf(await admin.get('/past-dues?environment=test'))).toEqual([]);
    const told = await numexJson('past-dues');
    expect(told['past_dues']).toMatchObject([{ number: '+12135551235', account_id: poor.account.publicId }]);
    expect(await numexJson('due')).toHaveProperty('due');
  });
});
