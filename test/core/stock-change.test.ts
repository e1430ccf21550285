import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { numberIdOf } from '../../src/core/number-id.js';
import { runCli } from '../../src/cli/main.js';
import { doDueWork, expectOrderlyBooks } from '../support/due.js';
import { at } from '../support/request.js';
import { startTestServer } from '../support/server.js';
import type { TestServer, TestTenant } from '../support/server.js';
import { bodyOf, dataOf, expectProblem, OwnApi } from '../dialects/numex/client.js';

const first = 12135570100;
const number = (place: number): string => `+${first + place}`;
const why = { reason: 'Because the operator says so' };

let server: TestServer;
let operator: OwnApi;
let alice: TestTenant;
let bob: TestTenant;
let api: OwnApi;

beforeAll(async () => {
  server = await startTestServer();
  operator = new OwnApi(server.url, await server.createAdminKey());
  alice = await server.createTenant({ name: 'Alice', balances: { USD: 100_000 } });
  bob = await server.createTenant({ name: 'Bob', balances: { USD: 100_000 } });
  api = new OwnApi(server.url, alice.apiKey);
  await server.addNumbers(Array.from({ length: 40 }, (_, place) => number(place)));
}, 120_000);

afterAll(async () => {
  await expectOrderlyBooks(server);
  await server.close();
});

const buy = (place: number, by = api) => by.post('/orders', { lines: [{ number: number(place) }] });
const change = (place: number, what: string, more: object = {}) =>
  operator.post(`/stock/${number(place)}/${what}`, { ...why, ...more });
const stateOf = async (place: number) => bodyOf(await operator.get(`/stock/${number(place)}`))['state'];
async function actionsOf(place: number): Promise<unknown[]> {
  const rows = dataOf(await operator.get(`/stock/${number(place)}/history?part=audit`));
  return rows.map((row) => at(row, 'facts.action'));
}

describe('an operator', () => {
  it('withdraws a number and returns it, with a reason in the audit trail', async () => {
    expect(bodyOf(await change(0, 'withdraw'))).toMatchObject({ number: number(0), state: 'withdrawn' });
    expectProblem(await buy(0), 409, 'number_unavailable');
    expectProblem(await change(0, 'withdraw'), 409, 'wrong_state', { state: 'withdrawn' });
    bodyOf(await change(0, 'return'));
    bodyOf(await buy(0), 201);
    expectProblem(await change(0, 'withdraw'), 409, 'wrong_state', { state: 'rented' });
    expect(await actionsOf(0)).toEqual(['number.buy', 'number.return', 'number.withdraw']);
  });

  it('ends a quarantine early, and nothing else', async () => {
    bodyOf(await buy(1), 201);
    const rental = dataOf(await api.get('/rentals')).find((row) => row['number'] === number(1));
    bodyOf(await api.delete(`/rentals/${String(rental?.['id'])}?leaves=now`));
    expect(await stateOf(1)).toBe('quarantined');
    bodyOf(await change(1, 'end-rest'));
    expect(await stateOf(1)).toBe('in_stock');
    expectProblem(await change(1, 'end-rest'), 409, 'wrong_state', { state: 'in_stock' });
  });

  it('moves a number to a group that fits its digits, and to its place and price', async () => {
    const before = bodyOf(await operator.get(`/stock/${number(2)}`));
    const [national] = await server.sql<{ public_id: string; id: number }[]>`
      insert into number_group (id, public_id, country, type, location, prefix, dial_prefix, features, allow_number_selection)
      values (9000001, 'usa-any', 'US', 'national', 'United States', '+1', '1', 1, true) returning public_id, id`;
    expectProblem(await change(2, 'move-to-group', { group_id: 'no-such' }), 404, 'not_found');
    const [berlin] = await server.sql<{ public_id: string }[]>`
      select g.public_id from group_prefix p join number_group g on g.id = p.group_id where p.prefix = '4930'`;
    const foreign = await change(2, 'move-to-group', { group_id: berlin?.public_id });
    expectProblem(foreign, 400, 'invalid_input', { field: 'group' });
    bodyOf(await change(2, 'move-to-group', { group_id: national?.public_id }));
    const after = bodyOf(await operator.get(`/stock/${number(2)}`));
    expect(after).toMatchObject({ group_id: 'usa-any', type: 'national', city_id: null, region_id: null });
    bodyOf(await change(2, 'move-to-group', { group_id: before['group_id'] }));
    expect(bodyOf(await operator.get(`/stock/${number(2)}`))).toMatchObject({
      group_id: before['group_id'],
      type: before['type'],
      city_id: before['city_id'],
    });
    bodyOf(await api.post('/reservations', { number: number(3) }), 201);
    expectProblem(await change(3, 'move-to-group', { group_id: 'usa-any' }), 409, 'wrong_state');
  });

  it('gives a number a price of its own and takes it away; a rental keeps what it agreed to', async () => {
    const path = `/stock/${number(4)}/prices/USD`;
    const price = { setup_minor: 7, recurring_minor: 1234, cycle: 'month' };
    const listed = at(await api.get(`/numbers/${number(4)}/purchase-check`), 'body.price');
    const set = bodyOf(await operator.put(path, { ...why, ...price }));
    expect(set['own_prices']).toEqual([{ currency: 'USD', ...price }]);
    expect(dataOf(await operator.get('/stock?own_price_in=USD'))).toHaveLength(1);
    expect(dataOf(await operator.get('/stock?own_price_in=USD&max_recurring_minor=1233'))).toEqual([]);
    bodyOf(await buy(4), 201);
    const cleared = bodyOf(await operator.delete(`${path}?reason=Over`));
    expect(cleared['own_prices']).toEqual([]);
    const shown = bodyOf(await operator.get(`/stock/${number(4)}`));
    expect(at(shown, 'rental.price')).toEqual({ currency: 'USD', ...price });
    expect(at(await api.get(`/numbers/${number(5)}/purchase-check`), 'body.price')).toEqual(listed);
    expectProblem(await operator.put(path, { ...why, ...price, setup_minor: -1 }), 400, 'invalid_input');
  });

  it('deletes what was never rented, holds that are over included, and nothing else', async () => {
    bodyOf(await api.post('/reservations', { number: number(6) }), 201);
    expectProblem(await operator.delete(`/stock/${number(6)}?reason=x`), 409, 'wrong_state');
    server.clock.advance(3601);
    await doDueWork(server);
    bodyOf(await operator.delete(`/stock/${number(6)}?reason=Wrong%20import`));
    expectProblem(await operator.get(`/stock/${number(6)}`), 404, 'not_found');
    expectProblem(await operator.delete(`/stock/${number(1)}?reason=x`), 409, 'still_in_use');
  });

  it('says why for each change', async () => {
    expectProblem(await operator.post(`/stock/${number(7)}/withdraw`, { reason: '' }), 400, 'invalid_input');
    expectProblem(
      await operator.post(`/stock/${number(7)}/withdraw`, { reason: '  ' }),
      400,
      'invalid_input',
    );
    expectProblem(await api.post(`/stock/${number(7)}/withdraw`, why), 403, 'forbidden');
  });
});

describe('a rental that the operator moves', () => {
  it('is the other account’s, which pays from then on, and both are told', async () => {
    bodyOf(await buy(8), 201);
    const agent = String(bodyOf(await api.post('/agents', { name: 'Desk' }), 201)['id']);
    const rental = dataOf(await api.get('/rentals')).find((row) => row['number'] === number(8));
    await api.put(`/rentals/${String(rental?.['id'])}/assignments/agent`, { agent_id: agent });
    const moved = bodyOf(await change(8, 'move-rental', { to: bob.account.publicId }));
    expect(moved).toMatchObject({ holder: bob.account.publicId, rental_id: rental?.['id'] });
    const mine = (await api.get('/rentals?limit=100')).body as { data: { number: string }[] };
    expect(mine.data.map((row) => row.number)).not.toContain(number(8));
    const events = await server.sql`
      select account_id from event where type = 'number.moved' order by account_id`;
    expect(events.map((row) => row['account_id'] as number)).toEqual([alice.account.id, bob.account.id]);
    const [paid] = await server.sql<{ account_id: number }[]>`
      select w.account_id from rental r join wallet w on w.id = r.wallet_id
      where r.number_id = ${numberIdOf(first + 8, 'live')} and r.ended_at is null`;
    expect(paid?.account_id).toBe(bob.account.id);
    const moves = dataOf(await operator.get(`/stock/${number(8)}/history?part=moves`));
    expect(moves).toMatchObject([{ facts: { from: alice.account.publicId, to: bob.account.publicId } }]);
    bodyOf(await change(8, 'move-rental', { to: bob.account.publicId }));
    expect(dataOf(await operator.get(`/stock/${number(8)}/history?part=moves`))).toHaveLength(1);
  });

  it('stays where it is when the receiver cannot have it', async () => {
    const poor = await server.createTenant({ name: 'Poor', balances: { EUR: 0 } });
    const tester = await server.createTenant({ environment: 'test' });
    const to = (account: TestTenant) => change(8, 'move-rental', { to: account.account.publicId });
    expectProblem(await to(poor), 402, 'no_wallet', { currency: 'USD' });
    expectProblem(await to(tester), 400, 'invalid_input', { field: 'to' });
    bodyOf(await operator.post(`/accounts/${poor.account.publicId}/block`));
    expectProblem(await to(poor), 403, 'account_blocked');
    expectProblem(await change(9, 'move-rental', { to: bob.account.publicId }), 404, 'not_found');
  });
});

describe('a change that meets a sale', () => {
  it.each(['withdraw', 'delete'])('%s: one of the two is refused', async (what) => {
    const places = Array.from({ length: 8 }, (_, index) => (what === 'delete' ? 20 : 30) + index);
    const outcomes = await Promise.all(
      places.map(async (place) => {
        const remove = () => operator.delete(`/stock/${number(place)}?reason=Race`);
        const [sold, changed] = await Promise.all([
          buy(place),
          what === 'delete' ? remove() : change(place, what),
        ]);
        return [sold.status, changed.status];
      }),
    );
    const sold = outcomes.map(([status]) => status === 201);
    const changed = outcomes.map(([, status]) => status === 200);
    expect(sold).toEqual(changed.map((done) => !done));
  });
});

describe('numex stock', () => {
  it('does on the command line what the API does', async () => {
    let out = '';
    const run = async (...args: string[]) => {
      out = '';
      const code = await runCli(args, {
        openDatabase: async () =>
          Promise.resolve({
            url: server.databaseUrl,
            pool: server.sql,
            close: async () => Promise.resolve(),
          }),
        runServer: async () => Promise.resolve(),
        out: (text) => (out += text),
        err: (text) => (out += text),
      });
      expect(code, out).toBe(0);
      return JSON.parse(out) as Record<string, unknown>;
    };
    const on = (place: number, ...rest: string[]) => [number(place), '--reason', 'Tidy', '--json', ...rest];
    const priced = await run('stock', 'reprice', ...on(12, '--currency', 'usd', '--recurring', '2.50'));
    expect(priced['own_prices']).toMatchObject([{ currency: 'USD', setupMinor: 0, recurringMinor: 250 }]);
    const list = await run('stock', 'list', '--own-price-in', 'USD', '--json');
    expect(list['data']).toMatchObject([{ number: number(12), state: 'in_stock' }]);
    await run('stock', 'reprice', ...on(12, '--currency', 'usd', '--clear'));
    await run('stock', 'withdraw', ...on(12));
    const shown = await run('stock', 'show', number(12), '--json');
    expect(shown).toMatchObject({ state: 'withdrawn' });
    await run('stock', 'delete', ...on(12));
    const moved = await run('stock', 'move-rental', ...on(8, '--to', alice.account.publicId));
    expect(moved['holder']).toBe(alice.account.publicId);
    const counts = await run('stock', 'count', '--by', 'country', '--json');
    expect(counts['data']).toMatchObject([{ key: 'US', withdrawn: expect.any(Number) as number }]);
  });
});
