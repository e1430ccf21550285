import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Context } from '../../src/core/context.js';
import { addRange, countedNumbersMax, countNumbers } from '../../src/core/stock/index.js';
import type { NumberFilters } from '../../src/core/stock/index.js';
import { runBatch } from '../../src/jobs/runner.js';
import { foldStockChangesJob } from '../../src/jobs/fold-stock-changes.js';
import { verifyBooks } from '../../src/core/verify/index.js';
import { doDueWork, expectOrderlyBooks } from '../support/due.js';
import { plansOver, rowsReadOf } from '../support/plans.js';
import { ask, at } from '../support/request.js';
import { startTestServer } from '../support/server.js';
import type { TestServer, TestTenant } from '../support/server.js';

let server: TestServer;
let tenant: TestTenant;

beforeAll(async () => {
  server = await startTestServer();
  tenant = await server.createTenant({ environment: 'test', balances: { USD: 1_000_000 } });
});

afterAll(() => server.close());

function call(method: string, path: string, body?: unknown, by = tenant) {
  return ask(server.url, by.apiKey, method, `/numex/v1${path}`, body);
}

async function total(filters: Partial<NumberFilters> = {}): Promise<number> {
  const asked = { environment: 'test' as const, country: 'US', ...filters };
  const { total, isExact } = await countNumbers({ ctx: server.operator(), input: { filters: asked } });
  expect(isExact).toBe(true);
  return total;
}

/** The counters agree with the rows, folded or not. */
async function expectKept(): Promise<void> {
  await expectOrderlyBooks(server);
  await runBatch(foldStockChangesJob, { sql: server.sql, clock: server.clock });
  await expectOrderlyBooks(server);
}

describe('a kept total', () => {
  it('follows an added range, sales, holds, releases and the end of a rest', async () => {
    const input = { first: '+12135571000', last: '+12135571039', environments: ['test' as const] };
    await addRange({ ctx: server.operator(), input });
    expect(await total()).toBe(40);
    await expectKept();
    const order = await call('POST', '/orders', {
      lines: [{ number: '+12135571000' }, { number: '+12135571001' }],
    });
    expect(order.status).toBe(201);
    const held = await call('POST', '/reservations', { number: '+12135571002' });
    expect(await total()).toBe(37);
    await expectKept();
    expect(await total()).toBe(37);
    await call('DELETE', `/reservations/${String(at(held.body, 'id'))}`);
    expect(await total()).toBe(38);
    const rental = String(at(order.body, 'results.0.rental_id'));
    await server.sql`update policy set value = 3600 where name = 'quarantine_seconds' and environment = 'test'`;
    expect((await call('DELETE', `/rentals/${rental}?leaves=now`)).status).toBe(200);
    expect(await total()).toBe(38);
    server.clock.advance(3601);
    await doDueWork(server);
    expect(await total()).toBe(39);
    await expectKept();
  });

  it('counts a hold that ran out at its instant, before any job has looked', async () => {
    const before = await total();
    await call('POST', '/reservations', { number: '+12135571010' });
    expect(await total()).toBe(before - 1);
    server.clock.advance(3601);
    expect(await total()).toBe(before);
    await doDueWork(server);
    expect(await total()).toBe(before);
    await expectKept();
  });

  it('leaves out what an account on a test clock holds until that clock has passed', async () => {
    const traveller = await server.createTenant({ environment: 'test', balances: { USD: 100_000 } });
    const before = await total();
    await call('POST', '/reservations', { number: '+12135571011' }, traveller);
    const made = await call('POST', '/test-clocks', { name: 'Slow' }, traveller);
    const clock = `/test-clocks/${String(at(made.body, 'id'))}`;
    await call('PUT', `${clock}/accounts/${traveller.account.publicId}`, undefined, traveller);
    server.clock.advance(7200);
    expect(await total()).toBe(before - 1);
    await doDueWork(server);
    expect(await total()).toBe(before - 1);
    const to = server.clock.now().toISOString();
    expect((await call('POST', `${clock}/advance`, { to }, traveller)).status).toBe(200);
    expect(await total()).toBe(before);
    await expectKept();
  });

  it('stays right when sales, folds and releases go on together', async () => {
    const numbers = Array.from({ length: 20 }, (_, n) => `+1213557${1020 + n}`);
    const before = await total();
    const fold = () => runBatch(foldStockChangesJob, { sql: server.sql, clock: server.clock });
    const [answers] = await Promise.all([
      Promise.all(numbers.map((number) => call('POST', '/orders', { lines: [{ number }] }))),
      fold(),
      fold(),
      fold(),
    ]);
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(20);
    expect(await total()).toBe(before - 20);
    await expectKept();
  });

  it('that is wrong is found by verify', async () => {
    await server.sql`update stock_shelf set numbers = numbers + 1`;
    const { checks } = await verifyBooks({ ctx: server.operator() });
    expect(checks.filter(({ ok }) => !ok).map(({ name }) => name)).toEqual(['totals_match_the_stock']);
    await server.sql`update stock_shelf set numbers = numbers - 1`;
    await expectKept();
  });

  it('reads counters, not numbers', async () => {
    const filters = { environment: 'test' as const, country: 'US', type: 'local' as const };
    const plans = await plansOver(server, server.operator(), 'stock_shelf', (ctx: Context) =>
      countNumbers({ ctx, input: { filters } }),
    );
    expect(plans).toHaveLength(1);
    for (const plan of plans) expect(rowsReadOf(plan, 'number')).toBeLessThanOrEqual(5);
  });
});

describe('a total of numbers with certain digits', () => {
  it('is counted to a bound, and says so', async () => {
    const last = `+${12135600000 + 3 * countedNumbersMax - 1}`;
    const input = { first: '+12135600000', last, environments: ['live' as const] };
    await addRange({ ctx: server.operator(), input });
    const filters = { environment: 'live' as const, country: 'US', exclude: ['1999'] };
    const ctx = server.operator();
    expect(await countNumbers({ ctx, input: { filters } })).toEqual({
      total: countedNumbersMax,
      isExact: false,
    });
    const few = { ...filters, contains: '1213560000' };
    expect(await countNumbers({ ctx, input: { filters: few } })).toEqual({ total: 10, isExact: true });
  });

  it('covers the page that it stands on, and behind a full page says that there is more', async () => {
    const live = await server.createTenant({ balances: { USD: 0 } });
    const path = `/api/v1/Account/${live.account.publicId}/inventory/numbers`;
    const headers = { 'x-auth-id': live.account.publicId, 'x-auth-token': live.apiKey };
    const page = countedNumbersMax / 100 + 1;
    const query = `country=US&exclude=1999&per_page=100&page=${page}`;
    const answer = await ask(server.url, undefined, 'GET', `${path}?${query}`, undefined, headers);
    expect(answer.body).toMatchObject({ page, total: countedNumbersMax + 101 });
  });
});
