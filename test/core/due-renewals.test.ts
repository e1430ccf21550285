import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { deposit } from '../../src/core/ledger/index.js';
import { buyAll, chargesOf, doDueWork, eventsOf, expectOrderlyBooks, moveTo } from '../support/due.js';
import { ask, at } from '../support/request.js';
import { startTestServer } from '../support/server.js';
import type { TestServer, TestTenant } from '../support/server.js';

let server: TestServer;
let nextLine = 1000;

const daySeconds = 86_400;

/** A Los Angeles number in stock: USD 1.00 and 2.50 a month, or EUR 5.00 per 28 days. */
async function stockOne(): Promise<string> {
  const number = `+1213556${nextLine++}`;
  await server.addNumbers([number]);
  return number;
}

async function rentalOf(tenant: TestTenant, id: string): Promise<unknown> {
  return (await ask(server.url, tenant.apiKey, 'GET', `/numex/v1/rentals/${id}`)).body;
}

async function balanceOf(tenant: TestTenant): Promise<number> {
  const [row] = await server.sql<{ minor: number }[]>`
    select balance_minor as minor from wallet where account_id = ${tenant.account.id}`;
  return row?.minor ?? Number.NaN;
}

async function payIn(tenant: TestTenant, amountMinor: number, currency = 'USD'): Promise<void> {
  const input = { account: tenant.account, amountMinor, currency };
  await deposit({ ctx: server.operator(), input });
}

beforeAll(async () => {
  server = await startTestServer();
});

afterAll(() => server.close());

// Every test begins at the same instant; what earlier ones left behind belongs to other tenants.
beforeEach(() => moveTo(server, '2027-01-31T10:00:00Z'));

describe('a renewal', () => {
  it('is charged once at its due time, and not a moment before', async () => {
    const tenant = await server.createTenant({ balances: { EUR: 2000 } });
    const number = await stockOne();
    const [rental = ''] = await buyAll(server, tenant, [number]);
    moveTo(server, '2027-02-28T09:59:59Z');
    await doDueWork(server);
    expect(await balanceOf(tenant)).toBe(1500);
    moveTo(server, '2027-02-28T10:00:00Z');
    await doDueWork(server);
    await doDueWork(server);
    expect(await balanceOf(tenant)).toBe(1000);
    expect(at(await rentalOf(tenant, rental), 'next_charge_at')).toBe('2027-03-28T10:00:00.000Z');
    expect(await eventsOf(server, tenant, ['rental.renewed'])).toEqual([
      {
        type: 'rental.renewed',
        at: '2027-02-28T10:00:00.000Z',
        payload: {
          number,
          cycle_number: 1,
          due_at: '2027-02-28T10:00:00.000Z',
          amount_minor: 500,
          currency: 'EUR',
          next_charge_at: '2027-03-28T10:00:00.000Z',
        },
      },
    ]);
    await expectOrderlyBooks(server);
  });

  it('keeps the day of the month, clipped in shorter months', async () => {
    const tenant = await server.createTenant({ balances: { USD: 10_000 } });
    const number = await stockOne();
    await buyAll(server, tenant, [number]);
    for (const month of ['02-28', '03-31', '04-30']) {
      moveTo(server, `2027-${month}T10:00:00Z`);
      await doDueWork(server);
    }
    expect(await chargesOf(server, tenant)).toEqual([
      `${number} 0 350 2027-01-31T10:00:00Z`,
      `${number} 1 250 2027-02-28T10:00:00Z`,
      `${number} 2 250 2027-03-31T10:00:00Z`,
      `${number} 3 250 2027-04-30T10:00:00Z`,
    ]);
  });

  it('that was missed during a standstill is made up for: each cycle once, by its own date', async () => {
    const tenant = await server.createTenant({ balances: { USD: 10_000, EUR: 10_000 } });
    const monthly = await stockOne();
    const fourWeekly = await stockOne();
    await buyAll(server, tenant, [monthly], 'USD');
    await buyAll(server, tenant, [fourWeekly], 'EUR');
    moveTo(server, '2027-05-01T00:00:00Z');
    await doDueWork(server);
    expect(await chargesOf(server, tenant)).toEqual([
      `${monthly} 0 350 2027-01-31T10:00:00Z`,
      `${fourWeekly} 0 500 2027-01-31T10:00:00Z`,
      `${monthly} 1 250 2027-02-28T10:00:00Z`,
      `${fourWeekly} 1 500 2027-02-28T10:00:00Z`,
      `${fourWeekly} 2 500 2027-03-28T10:00:00Z`,
      `${monthly} 2 250 2027-03-31T10:00:00Z`,
      `${fourWeekly} 3 500 2027-04-25T10:00:00Z`,
      `${monthly} 3 250 2027-04-30T10:00:00Z`,
    ]);
    await expectOrderlyBooks(server);
  });

  it('is not made while a number is being released', async () => {
    const tenant = await server.createTenant({ balances: { EUR: 2000 } });
    const [rental = ''] = await buyAll(server, tenant, [await stockOne()]);
    moveTo(server, '2027-02-27T10:00:00Z');
    await ask(server.url, tenant.apiKey, 'DELETE', `/numex/v1/rentals/${rental}`);
    moveTo(server, '2027-03-01T10:00:00Z');
    await doDueWork(server);
    expect(await balanceOf(tenant)).toBe(1500);
  });

  it('of a wallet that covers only some goes to those due first', async () => {
    const tenant = await server.createTenant({ balances: { EUR: 2500 } });
    const numbers = [await stockOne(), await stockOne(), await stockOne()];
    const rentals: string[] = [];
    for (const number of numbers) {
      rentals.push(...(await buyAll(server, tenant, [number])));
      server.clock.advance(60);
    }
    moveTo(server, '2027-03-01T00:00:00Z');
    await doDueWork(server);
    expect((await chargesOf(server, tenant)).slice(3)).toEqual([
      `${numbers[0]} 1 500 2027-02-28T10:00:00Z`,
      `${numbers[1]} 1 500 2027-02-28T10:01:00Z`,
    ]);
    expect(await balanceOf(tenant)).toBe(0);
    expect(at(await rentalOf(tenant, rentals[1] ?? ''), 'past_due_since')).toBeNull();
    expect(at(await rentalOf(tenant, rentals[2] ?? ''), 'past_due_since')).toBe('2027-02-28T10:02:00.000Z');
  });

  it('may use the credit limit of its wallet, and no more', async () => {
    const tenant = await server.createTenant({ balances: { EUR: 1000 } });
    await buyAll(server, tenant, [await stockOne(), await stockOne()]);
    await server.sql`update wallet set credit_limit_minor = 500 where account_id = ${tenant.account.id}`;
    moveTo(server, '2027-02-28T10:00:00Z');
    await doDueWork(server);
    expect(await balanceOf(tenant)).toBe(-500);
    expect(await eventsOf(server, tenant, ['rental.past_due'])).toHaveLength(1);
  });

  it('of a sub-account is paid by its parent', async () => {
    const parent = await server.createTenant({ balances: { EUR: 2000 } });
    const child = await server.createTenant({ parent: parent.account.publicId, balances: {} });
    await buyAll(server, child, [await stockOne()]);
    moveTo(server, '2027-02-28T10:00:00Z');
    await doDueWork(server);
    expect(await balanceOf(parent)).toBe(1000);
    expect(await eventsOf(server, child, ['rental.renewed'])).toHaveLength(1);
  });
});

describe('a rental that cannot be paid', () => {
  let tenant: TestTenant;
  let number: string;
  let rental: string;

  /** One number whose first renewal finds an empty wallet, on 28 February. */
  beforeEach(async () => {
    tenant = await server.createTenant({ balances: { EUR: 500 } });
    number = await stockOne();
    [rental = ''] = await buyAll(server, tenant, [number]);
    moveTo(server, '2027-02-28T10:00:00Z');
    await doDueWork(server);
  });

  it('stays active and says since when it is past due, once', async () => {
    server.clock.advance(3 * daySeconds);
    await doDueWork(server);
    const body = await rentalOf(tenant, rental);
    expect(at(body, 'state')).toBe('active');
    expect(at(body, 'past_due_since')).toBe('2027-02-28T10:00:00.000Z');
    expect(at(body, 'next_charge_at')).toBe('2027-02-28T10:00:00.000Z');
    const events = await eventsOf(server, tenant, ['rental.past_due', 'rental.resumed', 'number.released']);
    expect(events).toEqual([
      {
        type: 'rental.past_due',
        at: '2027-02-28T10:00:00.000Z',
        payload: {
          number,
          past_due_since: '2027-02-28T10:00:00.000Z',
          amount_minor: 500,
          currency: 'EUR',
          retry_at: '2027-03-01T10:00:00.000Z',
        },
      },
    ]);
    await expectOrderlyBooks(server);
  });

  it('resumes by itself when money comes in, and its cycle does not move', async () => {
    server.clock.advance(2 * daySeconds + 3600);
    await doDueWork(server);
    await payIn(tenant, 600, 'EUR');
    await doDueWork(server);
    const body = await rentalOf(tenant, rental);
    expect(at(body, 'past_due_since')).toBeNull();
    expect(at(body, 'next_charge_at')).toBe('2027-03-28T10:00:00.000Z');
    expect((await chargesOf(server, tenant)).slice(1)).toEqual([`${number} 1 500 2027-03-02T11:00:00Z`]);
    const [resumed] = await eventsOf(server, tenant, ['rental.resumed']);
    expect(resumed?.at).toBe('2027-03-02T11:00:00.000Z');
    expect(resumed?.payload).toEqual({ number, past_due_since: '2027-02-28T10:00:00.000Z' });
    await expectOrderlyBooks(server);
  });

  it('is tried again every day, for money that comes by a way that nobody announces', async () => {
    await server.sql`update wallet set credit_limit_minor = 500 where account_id = ${tenant.account.id}`;
    server.clock.advance(daySeconds - 1);
    await doDueWork(server);
    expect(at(await rentalOf(tenant, rental), 'past_due_since')).not.toBeNull();
    server.clock.advance(1);
    await doDueWork(server);
    expect(at(await rentalOf(tenant, rental), 'past_due_since')).toBeNull();
    expect((await chargesOf(server, tenant)).slice(1)).toEqual([`${number} 1 500 2027-03-01T10:00:00Z`]);
  });

  it('stays past due when the money that comes does not suffice', async () => {
    await payIn(tenant, 499, 'EUR');
    await doDueWork(server);
    expect(at(await rentalOf(tenant, rental), 'past_due_since')).toBe('2027-02-28T10:00:00.000Z');
    expect(await balanceOf(tenant)).toBe(499);
    const [wallet] = await server.sql<{ fundedAt: Date | null }[]>`
      select funded_at as "fundedAt" from wallet where account_id = ${tenant.account.id}`;
    expect(wallet?.fundedAt).toBeNull();
  });

  it('is released when the grace is over, can be reclaimed for the window, then rests, then is for sale', async () => {
    const agent = await ask(server.url, tenant.apiKey, 'POST', '/numex/v1/agents', { name: 'A' });
    const assigned = await ask(server.url, tenant.apiKey, 'PUT', `/numex/v1/rentals/${rental}/assignment`, {
      agent_id: at(agent.body, 'id'),
    });
    expect(assigned.status).toBe(200);
    moveTo(server, '2027-03-07T09:59:59Z');
    await doDueWork(server);
    expect(at(await rentalOf(tenant, rental), 'state')).toBe('active');
    moveTo(server, '2027-03-07T12:00:00Z');
    await doDueWork(server);
    const body = await rentalOf(tenant, rental);
    expect(at(body, 'state')).toBe('pending_release');
    expect(at(body, 'released_at')).toBe('2027-03-07T10:00:00.000Z');
    expect(at(body, 'reclaim_until')).toBe('2027-03-14T10:00:00.000Z');
    const [dropped] = await server.sql<{ reason: string; at: Date }[]>`
      select end_reason as reason, ended_at as at from assignment where account_id = ${tenant.account.id}`;
    expect(dropped).toEqual({ reason: 'released', at: new Date('2027-03-07T10:00:00Z') });
    await expectOrderlyBooks(server);

    moveTo(server, '2027-03-14T12:00:00Z');
    await doDueWork(server);
    expect(await eventsOf(server, tenant, ['number.released'])).toEqual([
      {
        type: 'number.released',
        at: '2027-03-07T10:00:00.000Z',
        payload: { number, state: 'pending_release', reason: 'unpaid', until: '2027-03-14T10:00:00.000Z' },
      },
      {
        type: 'number.released',
        at: '2027-03-14T10:00:00.000Z',
        payload: { number, state: 'ended', until: '2027-03-14T10:00:00.000Z' },
      },
    ]);
    const other = await server.createTenant({ balances: { EUR: 500 } });
    const buy = () => ask(server.url, other.apiKey, 'POST', '/numex/v1/orders', { lines: [{ number }] });
    expect((await buy()).status).toBe(409);
    moveTo(server, '2027-04-28T10:00:00Z');
    await doDueWork(server);
    expect((await buy()).status).toBe(201);
    await expectOrderlyBooks(server);
  });

  it('goes the whole way, by the right dates, in one catch-up after a long standstill', async () => {
    moveTo(server, '2027-06-01T00:00:00Z');
    await doDueWork(server);
    const [row] = await server.sql`
      select r.state, r.released_at, r.ended_at, n.status::text as status
      from rental r join number n on n.id = r.number_id where r.account_id = ${tenant.account.id}`;
    expect(row).toEqual({
      state: 'ended',
      released_at: new Date('2027-03-07T10:00:00Z'),
      ended_at: new Date('2027-03-14T10:00:00Z'),
      status: 's',
    });
    await expectOrderlyBooks(server);
  });

  it('is rescued by money that came in at the last moment, though no job ran until the grace was over', async () => {
    moveTo(server, '2027-03-07T09:59:59Z');
    await payIn(tenant, 500, 'EUR');
    moveTo(server, '2027-03-09T00:00:00Z');
    await doDueWork(server);
    const body = await rentalOf(tenant, rental);
    expect(at(body, 'state')).toBe('active');
    expect(at(body, 'past_due_since')).toBeNull();
  });

  it('is paid before another rental’s later charge, with the cycle after it, however late the job is', async () => {
    // To be paid: the cycles of 28 February and of 28 March 10:00, another number's of 28 March 12:00; money for two.
    moveTo(server, '2027-02-28T12:00:00Z');
    await payIn(tenant, 500, 'EUR');
    const other = await stockOne();
    await buyAll(server, tenant, [other]);
    await payIn(tenant, 1000, 'EUR');
    moveTo(server, '2027-04-01T00:00:00Z');
    await doDueWork(server);
    const cycles = (await chargesOf(server, tenant)).map((line) => line.split(' ').slice(0, 2).join(' '));
    expect(cycles).toEqual([`${number} 0`, `${other} 0`, `${number} 1`, `${number} 2`]);
  });

  it('catches up cycle by cycle when the grace was longer than a cycle', async () => {
    await server.sql`update policy set value = ${90 * daySeconds} where name = 'grace_seconds'`;
    moveTo(server, '2027-04-01T00:00:00Z');
    await doDueWork(server);
    await payIn(tenant, 500, 'EUR');
    await doDueWork(server);
    expect(at(await rentalOf(tenant, rental), 'past_due_since')).toBe('2027-03-28T10:00:00.000Z');
    await payIn(tenant, 500, 'EUR');
    await doDueWork(server);
    const body = await rentalOf(tenant, rental);
    expect(at(body, 'past_due_since')).toBeNull();
    expect(at(body, 'next_charge_at')).toBe('2027-04-25T10:00:00.000Z');
    expect(await eventsOf(server, tenant, ['rental.resumed'])).toHaveLength(1);
    expect(await eventsOf(server, tenant, ['rental.past_due'])).toHaveLength(1);
    await expectOrderlyBooks(server);
    await server.sql`update policy set value = ${7 * daySeconds} where name = 'grace_seconds'`;
  });
});
