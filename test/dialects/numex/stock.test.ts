import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Context } from '../../../src/core/context.js';
import { numberIdOf } from '../../../src/core/number-id.js';
import { listStock, withdrawNumber } from '../../../src/core/stock/index.js';
import { doDueWork } from '../../support/due.js';
import { plansOver, rowsReadOf } from '../../support/plans.js';
import { at } from '../../support/request.js';
import { startTestServer } from '../../support/server.js';
import type { TestServer, TestTenant } from '../../support/server.js';
import { bodyOf, dataOf, expectProblem, OwnApi } from './client.js';

const first = 12135550100;
const number = (place: number): string => `+${first + place}`;

let server: TestServer;
let operator: OwnApi;
let alice: TestTenant;
let api: OwnApi;

beforeAll(async () => {
  server = await startTestServer();
  operator = new OwnApi(server.url, await server.createAdminKey());
  alice = await server.createTenant({ name: 'Alice', balances: { USD: 100_000 } });
  api = new OwnApi(server.url, alice.apiKey);
  await server.addNumbers(Array.from({ length: 40 }, (_, place) => number(place)));
  await server.addNumbers(['+18005550100', '+442071234567']);
  bodyOf(await api.post('/orders', { lines: [{ number: number(0) }, { number: number(1) }] }), 201);
  bodyOf(await api.post('/reservations', { number: number(2) }), 201);
  const rentals = dataOf(await api.get('/rentals'));
  await api.delete(`/rentals/${String(rentals.find((row) => row['number'] === number(1))?.['id'])}`);
  const numberId = numberIdOf(first + 3, 'live');
  await withdrawNumber({ ctx: server.operator(), input: { numberId, reason: 'A test call failed' } });
}, 120_000);

afterAll(() => server.close());

async function numbersOf(query: string): Promise<unknown[]> {
  return dataOf(await operator.get(`/stock?${query}`)).map((row) => row['number']);
}

async function everyPage(query: string): Promise<unknown[]> {
  const numbers: unknown[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const answer = await operator.get(`/stock?${query}${cursor && `&cursor=${cursor}`}`);
    numbers.push(...dataOf(answer).map((row) => row['number']));
    cursor = at(answer.body, 'next_cursor') as string | null;
  }
  return numbers;
}

describe('the operator’s list of stock', () => {
  it('has numbers of every state in ascending order, page by page', async () => {
    const all = await everyPage('country=US&limit=7');
    expect(all).toHaveLength(41);
    expect(all).toEqual([...all].sort());
    expect(await everyPage('limit=100')).toHaveLength(42);
  });

  it('filters by state, and says who has a number', async () => {
    expect(await numbersOf('state=rented')).toEqual([number(0)]);
    expect(await numbersOf('state=pending_release')).toEqual([number(1)]);
    expect(await numbersOf('state=held')).toEqual([number(2)]);
    expect(await numbersOf('state=withdrawn')).toEqual([number(3)]);
    expect(await numbersOf('state=quarantined')).toEqual([]);
    expect(await numbersOf('state=in_stock&country=US&type=local&limit=100')).toHaveLength(36);
    const [rented] = dataOf(await operator.get(`/stock?state=rented`));
    expect(rented).toMatchObject({
      holder: { account: alice.account.publicId, name: 'Alice' },
      state: 'rented',
    });
    expect(at(rented, 'rental.price')).toMatchObject({ currency: 'USD' });
  });

  it('filters by holder: who rents or, if asked, who holds', async () => {
    const { publicId } = alice.account;
    expect(await everyPage(`holder=${publicId}&limit=1`)).toEqual([number(0), number(1)]);
    expect(await numbersOf(`holder=${publicId}&state=held`)).toEqual([number(2)]);
    expectProblem(await operator.get(`/stock?holder=${publicId}&state=withdrawn`), 400, 'invalid_input');
    expectProblem(await operator.get('/stock?holder=MA_NOBODY'), 404, 'not_found');
  });

  it('searches digits, types and groups as tenants do, whatever the state', async () => {
    expect(await everyPage('country=US&starts_with=213555010')).toHaveLength(10);
    expect(await numbersOf('ends_with=0103')).toEqual([number(3)]);
    expect(await numbersOf('ends_with=0104&state=in_stock')).toEqual([number(4)]);
    expect(await everyPage('contains=5550100&limit=2')).toEqual([number(0), '+18005550100']);
    expect(await everyPage('country=US&type=tollfree')).toEqual(['+18005550100']);
    expect(await everyPage('country=US&exclude=1213')).toEqual(['+18005550100']);
    const group = String(dataOf(await operator.get('/stock?ends_with=0103'))[0]?.['group_id']);
    expect(await everyPage(`group_id=${group}&limit=50`)).toHaveLength(40);
    expect(await everyPage(`group_id=${group}&country=GB`)).toEqual([]);
  });

  it('refuses the cursor of another list', async () => {
    const cursor = String(at((await operator.get('/stock?limit=1')).body, 'next_cursor'));
    expectProblem(await operator.get(`/stock?limit=1&country=US&cursor=${cursor}`), 400, 'invalid_input');
  });

  it('looks at a bounded number of rows, however many there are', async () => {
    await server.sql`
      insert into number (id, group_id, city_id, country_no, region_id, features, type, status)
      select 1213556000000 + i, group_id, city_id, country_no, region_id, features, type, 'r'
      from number cross join generate_series(1, 25000) i where id = ${first}`;
    await server.sql`analyze number`;
    const filters = { environment: 'live' as const, contains: '99999999' };
    const work = (ctx: Context) => listStock({ ctx, input: { filters, limit: 10 } });
    const plans = await plansOver(server, server.operator(), 'number', work);
    expect(plans.length).toBeGreaterThan(0);
    for (const plan of plans) expect(rowsReadOf(plan, 'number')).toBeLessThanOrEqual(20_500);
    const page = await work(server.operator());
    expect(page.numbers).toEqual([]);
    expect(page.nextCursor).not.toBeNull();
    await server.sql`delete from number where id > 1213556000000 and id < 1213557000000`;
  });
});

describe('the counts of stock', () => {
  const states = { in_stock: 36, held: 1, rented: 1, pending_release: 1, withdrawn: 1, quarantined: 0 };

  it('are by state, in total or by country, type, region or group', async () => {
    const [all] = dataOf(await operator.get('/stock/counts'));
    expect(all).toMatchObject({ key: null, total: 42, states: { ...states, in_stock: 38 } });
    const byCountry = dataOf(await operator.get('/stock/counts?by=country'));
    expect(byCountry.map(({ key, total }) => [key, total])).toEqual([
      ['GB', 1],
      ['US', 41],
    ]);
    const byType = dataOf(await operator.get('/stock/counts?by=type&country=US'));
    expect(byType[0]).toMatchObject({ key: 'local', total: 40, states });
    for (const by of ['region', 'group']) {
      const rows = dataOf(await operator.get(`/stock/counts?by=${by}&limit=100`));
      expect(rows.reduce((sum, { total }) => sum + Number(total), 0)).toBe(42);
    }
    expect(dataOf(await operator.get('/stock/counts?environment=test'))).toEqual([]);
  });

  it('come in pages', async () => {
    const one = await operator.get('/stock/counts?by=country&limit=1');
    expect(dataOf(one).map(({ key }) => key)).toEqual(['GB']);
    const cursor = String(at(one.body, 'next_cursor'));
    const two = await operator.get(`/stock/counts?by=country&limit=1&cursor=${cursor}`);
    expect(dataOf(two).map(({ key }) => key)).toEqual(['US']);
    expect(at(two.body, 'next_cursor')).toBeNull();
  });

  it('stay the same when the changes are folded', async () => {
    const before = await operator.get('/stock/counts?by=group');
    await doDueWork(server);
    expect((await operator.get('/stock/counts?by=group')).body).toEqual(before.body);
  });
});

describe('one number', () => {
  it('shows its rentals, holds and audit entries, newest first', async () => {
    const shown = bodyOf(await operator.get(`/stock/${number(1)}`));
    expect(shown).toMatchObject({ number: number(1), state: 'pending_release' });
    expect(at(shown, 'rentals')).toMatchObject([
      { account: alice.account.publicId, state: 'pending_release' },
    ]);
    const actions = (at(shown, 'audit') as unknown[]).map((entry) => at(entry, 'facts.action'));
    expect(actions).toEqual(['number.release', 'number.buy']);
    const held = bodyOf(await operator.get(`/stock/${number(2)}`));
    expect(held).toMatchObject({ state: 'held', holder: { name: 'Alice' } });
    expect(at(held, 'holds')).toMatchObject([{ account: alice.account.publicId, state: 'active' }]);
  });

  it('shows one part in pages', async () => {
    const path = `/stock/${number(1)}/history?part=audit&limit=1`;
    const one = await operator.get(path);
    expect(at(dataOf(one)[0], 'facts.action')).toBe('number.release');
    const two = await operator.get(`${path}&cursor=${String(at(one.body, 'next_cursor'))}`);
    expect(at(dataOf(two)[0], 'facts.action')).toBe('number.buy');
    expect(at(two.body, 'next_cursor')).toBeNull();
    for (const part of ['rentals', 'holds', 'moves', 'calls']) {
      const rows = dataOf(await operator.get(`/stock/${number(1)}/history?part=${part}`));
      expect(rows).toHaveLength(part === 'rentals' ? 1 : 0);
    }
  });

  it('that nobody has imported is not found', async () => {
    expectProblem(await operator.get('/stock/+12135559999'), 404, 'not_found');
    expectProblem(await api.get(`/stock/${number(1)}`), 403, 'forbidden');
  });
});
