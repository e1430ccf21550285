import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { getAccount } from '../../src/core/accounts/index.js';
import { deposit } from '../../src/core/ledger/index.js';
import { buyAll, chargesOf, doDueWork, eventsOf, expectOrderlyBooks, moveTo } from '../support/due.js';
import { ask, at } from '../support/request.js';
import type { Answer } from '../support/request.js';
import { startTestServer } from '../support/server.js';
import type { TestServer, TestTenant } from '../support/server.js';

let server: TestServer;
let tenant: TestTenant;
let other: TestTenant;
let number: string;
let nextLine = 1000;

function call(method: string, path: string, body?: unknown, by = tenant): Promise<Answer> {
  return ask(server.url, by.apiKey, method, `/numex/v1${path}`, body);
}

async function makeClock(by = tenant): Promise<string> {
  const made = await call('POST', '/test-clocks', { name: 'Year' }, by);
  expect(made.status).toBe(201);
  return String(at(made.body, 'id'));
}

async function attach(clock: string, whom = tenant, by = tenant): Promise<Answer> {
  return call('PUT', `/test-clocks/${clock}/accounts/${whom.account.publicId}`, undefined, by);
}

async function advance(clock: string, to: string, by = tenant): Promise<Answer> {
  return call('POST', `/test-clocks/${clock}/advance`, { to }, by);
}

/** The tenant's clock, with the tenant on it. */
async function ownClock(): Promise<string> {
  const clock = await makeClock();
  expect((await attach(clock)).status).toBe(200);
  return clock;
}

async function stockOne(): Promise<string> {
  const made = `+1213558${nextLine++}`;
  await server.addNumbers([made], 'test');
  return made;
}

async function isListed(wanted: string, by: TestTenant): Promise<boolean> {
  const found = await call('GET', `/numbers?country=US&starts_with=${wanted.slice(1)}`, undefined, by);
  expect(found.status, JSON.stringify(found.body)).toBe(200);
  return JSON.stringify(found.body).includes(wanted);
}

beforeAll(async () => {
  server = await startTestServer();
});

afterAll(() => server.close());

beforeEach(async () => {
  moveTo(server, '2027-01-31T10:00:00Z');
  tenant = await server.createTenant({ environment: 'test', balances: { EUR: 100_000 } });
  other = await server.createTenant({ environment: 'test', balances: { EUR: 100_000 } });
  number = await stockOne();
});

describe('a test clock', () => {
  it('shows the time of its making, stands still, and is listed to its account alone', async () => {
    const made = await call('POST', '/test-clocks', { name: 'Year' });
    expect(made.body).toEqual({
      id: at(made.body, 'id'),
      name: 'Year',
      now: '2027-01-31T10:00:00.000Z',
      created_at: '2027-01-31T10:00:00.000Z',
    });
    server.clock.advance(3600);
    expect((await call('GET', '/test-clocks')).body).toEqual({ data: [made.body], next_cursor: null });
    expect((await call('GET', '/test-clocks', undefined, other)).body).toMatchObject({ data: [] });
  });

  it('is for the test environment, for its owner and the owner’s sub-accounts', async () => {
    const live = await server.createTenant();
    expect((await call('POST', '/test-clocks', { name: 'Year' }, live)).status).toBe(403);
    const clock = await makeClock();
    expect((await attach(clock, other)).status).toBe(404);
    expect((await attach(clock, other, other)).status).toBe(404);
    expect((await advance(clock, '2027-02-01T00:00:00Z', other)).status).toBe(404);
    const child = await server.createTenant({
      environment: 'test',
      parent: tenant.account.publicId,
      balances: {},
    });
    expect((await attach(clock, child)).status).toBe(200);
    expect((await attach(clock, child)).status).toBe(200);
    const second = await makeClock();
    expect((await attach(second, child)).body).toMatchObject({ code: 'wrong_state' });
  });

  it('goes forward only, two years at most at a time', async () => {
    const clock = await ownClock();
    expect((await advance(clock, '2027-01-31T09:59:59Z')).status).toBe(400);
    expect((await advance(clock, '2029-02-03T10:00:00Z')).status).toBe(400);
    expect((await advance(clock, '2029-01-31T10:00:00Z')).body).toMatchObject({
      now: '2029-01-31T10:00:00.000Z',
    });
    expect((await advance(clock, '2029-01-31T10:00:00Z')).status).toBe(200);
  });

  it('gives the requests of its accounts their time, and nobody else’s', async () => {
    const clock = await ownClock();
    await advance(clock, '2027-06-01T00:00:00Z');
    const order = await call('POST', '/orders', { lines: [{ number }] });
    expect(at(order.body, 'placed_at')).toBe('2027-06-01T00:00:00.000Z');
    expect(at(order.body, 'results.0.next_charge_at')).toBe('2027-06-29T00:00:00.000Z');
    const theirs = await call('POST', '/orders', { lines: [{ number: await stockOne() }] }, other);
    expect(at(theirs.body, 'placed_at')).toBe('2027-01-31T10:00:00.000Z');
    await expectOrderlyBooks(server);
  });

  it('has everything happen on the way, in order and by its own date, before the answer comes', async () => {
    const poor = await server.createTenant({ environment: 'test', balances: { EUR: 1000 } });
    tenant = poor;
    const clock = await ownClock();
    await buyAll(server, poor, [number]);
    const held = await stockOne();
    await call('POST', '/reservations', { number: held });
    await advance(clock, '2027-06-01T00:00:00Z');
    const log = await server.sql<{ line: string }[]>`
      select concat_ws(' ', type, to_char(at at time zone 'UTC', 'MM-DD HH24:MI')) as line
      from event where account_id = ${poor.account.id} order by id`;
    expect(log.map((row) => row.line).slice(1)).toEqual([
      'number.rented 01-31 10:00',
      'number.reserved 01-31 10:00',
      'reservation.expired 01-31 11:00',
      'rental.renewed 02-28 10:00',
      'rental.past_due 03-28 10:00',
      'number.released 04-04 10:00',
      'number.released 04-11 10:00',
    ]);
    const dates = await server.sql<{ at: Date }[]>`
      select at from audit_entry where account_id = ${poor.account.id} and actor like 'system:%' order by id`;
    expect(dates.map((row) => row.at)).toEqual([...dates].map((row) => row.at).sort((a, b) => +a - +b));
    expect((await call('GET', '/rentals')).body).toMatchObject({ data: [] });
    await buyAll(server, other, [number, held]);
    await expectOrderlyBooks(server);
  });

  it('resumes what was past due at the next advance after money came in, be it to the same instant', async () => {
    const poor = await server.createTenant({ environment: 'test', balances: { EUR: 500 } });
    tenant = poor;
    const clock = await ownClock();
    const [rental = ''] = await buyAll(server, poor, [number]);
    await advance(clock, '2027-03-01T00:00:00Z');
    expect(at((await call('GET', `/rentals/${rental}`)).body, 'past_due_since')).toBe(
      '2027-02-28T10:00:00.000Z',
    );
    const ctx = server.operator();
    const account = await getAccount({ ctx, input: { account: poor.account.publicId } });
    await deposit({ ctx, input: { account, amountMinor: 500, currency: 'EUR' } });
    await advance(clock, '2027-03-01T00:00:00Z');
    expect(at((await call('GET', `/rentals/${rental}`)).body, 'past_due_since')).toBeNull();
    expect((await chargesOf(server, poor)).slice(1)).toEqual([`${number} 1 500 2027-03-01T00:00:00Z`]);
    await expectOrderlyBooks(server);
  });

  it('goes on with the same call after a crash half-way', async () => {
    const clock = await ownClock();
    await buyAll(server, tenant, [number]);
    await server.sql.unsafe(`
      create function crash() returns trigger language plpgsql as $$
      begin
        if new.cycle_number = 5 then raise exception 'crash'; end if;
        return new;
      end $$;
      create trigger crash before insert on transfer for each row when (new.kind = 'rental') execute function crash()`);
    expect((await advance(clock, '2028-01-31T10:00:00Z')).status).toBe(500);
    await server.sql.unsafe('drop trigger crash on transfer; drop function crash()');
    expect(await chargesOf(server, tenant)).toHaveLength(5);
    await expectOrderlyBooks(server);
    expect((await advance(clock, '2028-01-31T10:00:00Z')).status).toBe(200);
    expect(await chargesOf(server, tenant)).toHaveLength(14);
    await expectOrderlyBooks(server);
  });
});

describe('time apart', () => {
  it('leaves accounts on a clock to their clock: the server’s due work passes them over', async () => {
    await ownClock();
    await buyAll(server, tenant, [number]);
    moveTo(server, '2027-04-01T00:00:00Z');
    await doDueWork(server);
    expect(await chargesOf(server, tenant)).toHaveLength(1);
  });

  it('is not noticed by others: their holds and charges stay where they are', async () => {
    const clock = await ownClock();
    const theirs = await stockOne();
    await call('POST', '/reservations', { number: theirs }, other);
    await buyAll(server, other, [number]);
    await advance(clock, '2028-01-31T00:00:00Z');
    expect(await chargesOf(server, other)).toHaveLength(1);
    expect(await eventsOf(server, other, ['reservation.expired'])).toEqual([]);
    expect(await isListed(theirs, tenant)).toBe(false);
    expect((await call('POST', '/orders', { lines: [{ number: theirs }] })).body).toMatchObject({
      code: 'number_unavailable',
    });
    expect((await call('POST', '/reservations', { number: theirs })).status).toBe(409);
    await buyAll(server, other, [theirs]);
    await expectOrderlyBooks(server);
  });

  it('keeps a hold for the holder’s own time: others see it end when the clock passes it, and not before', async () => {
    const clock = await ownClock();
    await call('POST', '/reservations', { number });
    server.clock.advance(86_400);
    await doDueWork(server);
    expect(await isListed(number, other)).toBe(false);
    expect((await call('POST', '/orders', { lines: [{ number }] }, other)).status).toBe(409);
    expect((await call('GET', '/reservations')).body).toMatchObject({ data: [{ number }] });
    await expectOrderlyBooks(server);
    await advance(clock, '2027-01-31T11:00:00Z');
    expect((await call('GET', '/reservations')).body).toMatchObject({ data: [] });
    expect(await isListed(number, other)).toBe(true);
    await buyAll(server, other, [number]);
    await expectOrderlyBooks(server);
  });

  it('takes along the holds that an account had before it was put on the clock', async () => {
    await call('POST', '/reservations', { number });
    const clock = await ownClock();
    server.clock.advance(7200);
    await doDueWork(server);
    expect((await call('GET', '/reservations')).body).toMatchObject({ data: [{ number }] });
    expect((await call('POST', '/orders', { lines: [{ number }] }, other)).status).toBe(409);
    await advance(clock, '2027-01-31T10:59:59Z');
    await buyAll(server, tenant, [number]);
    await expectOrderlyBooks(server);
  });

  it('keeps what is judged together apart: a hold limit is counted by each one’s own time', async () => {
    await server.sql`update policy set value = 1 where name = 'reservations_per_account' and environment = 'test'`;
    const clock = await ownClock();
    await advance(clock, '2028-01-31T00:00:00Z');
    await call('POST', '/reservations', { number }, other);
    const [first, second] = [await stockOne(), await stockOne()];
    const answers = await Promise.all([
      call('POST', '/reservations', { number: first }, other),
      call('POST', '/reservations', { number: second }),
      call('POST', '/reservations', { number: first }, other),
    ]);
    expect(answers.map((answer) => answer.status)).toEqual([409, 201, 409]);
    await server.sql`update policy set value = 50 where name = 'reservations_per_account' and environment = 'test'`;
  });

  it('has a number rest by the clock of whoever gave it up', async () => {
    await server.sql`update policy set value = 86400 where name = 'quarantine_seconds' and environment = 'test'`;
    const clock = await ownClock();
    await advance(clock, '2028-01-31T00:00:00Z');
    const [rental = ''] = await buyAll(server, tenant, [number]);
    await call('DELETE', `/rentals/${rental}?leaves=now`);
    moveTo(server, '2029-01-31T00:00:00Z');
    await doDueWork(server);
    expect((await call('POST', '/orders', { lines: [{ number }] }, other)).status).toBe(409);
    await advance(clock, '2028-02-01T00:00:00Z');
    await buyAll(server, other, [number]);
    await server.sql`update policy set value = 0 where name = 'quarantine_seconds' and environment = 'test'`;
    await expectOrderlyBooks(server);
  });
});

describe('a year of many rentals', () => {
  it('ends with exactly the charges that were due and books in order', async () => {
    const rich = await server.createTenant({
      environment: 'test',
      balances: { EUR: 100_000_000, USD: 100_000_000 },
    });
    tenant = rich;
    const clock = await ownClock();
    const numbers = Array.from({ length: 1000 }, (_, index) => `+1213559${1000 + index}`);
    await server.addNumbers(numbers, 'test');
    // Half are charged every 28 days and half every month; every fifty are bought an hour after the ones before.
    for (let start = 0; start < 1000; start += 50) {
      await advance(clock, new Date(Date.UTC(2027, 0, 31, 12 + start / 50)).toISOString());
      await buyAll(server, rich, numbers.slice(start, start + 50), start % 100 === 0 ? 'EUR' : 'USD');
    }
    expect((await advance(clock, '2028-02-02T00:00:00Z')).status).toBe(200);
    const totals = await server.sql`
      select currency, count(*)::int as charges, sum(amount_minor)::int as minor
      from transfer where kind = 'rental' and debit_wallet_id in (select id from wallet where account_id = ${rich.account.id})
      group by currency order by currency`;
    // 13 renewals of 28 days fit into the 366 days; of the monthly ones all twelve.
    expect([...totals]).toEqual([
      { currency: 'EUR', charges: 500 * 14, minor: 500 * 14 * 500 },
      { currency: 'USD', charges: 500 * 13, minor: 500 * (13 * 250 + 100) },
    ]);
    await expectOrderlyBooks(server);
    expect((await advance(clock, '2029-02-01T00:00:00Z')).status).toBe(200);
    await expectOrderlyBooks(server);
  }, 120_000);
});
