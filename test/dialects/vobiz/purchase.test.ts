import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { at } from '../../support/request.js';
import { numbersOf, rows } from './client.js';
import { expectAnswer, expectBody, expectInvalid } from './contract.js';
import { day, Exchange, expectInstant, makeApplication, monthlyFee } from './exchange.js';
import type { Caller } from './exchange.js';

let exchange: Exchange;
let master: Caller;

const angeles = '+1213555';

beforeAll(async () => {
  exchange = await Exchange.open();
  master = await exchange.master({ balances: { INR: 100_000_000 } });
});

afterAll(() => exchange.close());

/** The one transaction of a fresh account's wallet that is a debit. */
async function debitsOf(client: Caller): Promise<unknown[][]> {
  const answer = await client.transactions('?type=debit&per_page=1000');
  return rows(answer, 'transactions').map((row) => [row['reference_type'], row['amount'], row['currency']]);
}

describe('a purchase', () => {
  it('hands the number over and says all about it', async () => {
    const number = await exchange.stockOne();
    const [shelf] = rows(await master.inventory(`?search=${number.slice(1)}`));
    const answer = await master.buy(number);
    expectAnswer(answer, 'bought');
    const fields = {
      id: shelf?.['id'],
      account_id: master.id,
      e164: number,
      country: 'IN',
      status: 'active',
    };
    expect(at(answer.body, 'number')).toMatchObject({
      ...fields,
      auth_id: master.id,
      setup_fee: 0,
      monthly_fee: monthlyFee,
      currency: 'INR',
      source: 'inventory',
      tags: [],
    });
    expect(at(answer.body, 'items.0')).toMatchObject({ ...fields, monthly_fee: monthlyFee, currency: 'INR' });
    expect(numbersOf(await master.inventory(`?search=${number.slice(1)}`))).toEqual([]);
    const [listed] = rows(await master.list(`?search=${number.slice(1)}`));
    expect(listed).toMatchObject({ ...fields, source: 'purchased' });
  });

  it('starts the billing now, with the next date a calendar month later', async () => {
    const number = await exchange.stockOne();
    const now = exchange.instant();
    const row = at((await master.buy(number)).body, 'number');
    expectInstant(at(row, 'purchased_at'), now);
    expectInstant(at(row, 'last_billing_date'), now);
    const due = new Date(now);
    due.setUTCMonth(due.getUTCMonth() + 1);
    expectInstant(at(row, 'next_billing_date'), due.toISOString());
    const shown = await master.number(number);
    expectInstant(at(shown.body, 'next_billing_date'), due.toISOString());
  });

  it('at the end of a month is next billed at the end of the shorter one', async () => {
    const other = await Exchange.open();
    try {
      other.advance((Date.parse('2026-05-31T12:00:00Z') - other.server.clock.now().getTime()) / 1000);
      const buyer = await other.master();
      const row = at((await buyer.buy(await other.stockOne())).body, 'number');
      expectInstant(at(row, 'next_billing_date'), '2026-06-30T12:00:00Z');
    } finally {
      await other.close();
    }
  });

  it('debits set-up and first month together, once', async () => {
    const buyer = await exchange.master({ balances: { USD: 1_000 } });
    const answer = await buyer.buy(await exchange.stockOne(angeles));
    expectAnswer(answer, 'bought');
    expect(at(answer.body, 'number')).toMatchObject({ setup_fee: 1, monthly_fee: 2.5, currency: 'USD' });
    expect(await exchange.balanceOf(buyer, 'USD')).toBe(650);
    expect(await debitsOf(buyer)).toEqual([['did_rental', 3.5, 'USD']]);
    const [row] = rows(await buyer.transactions('?type=debit'), 'transactions');
    expect(row?.['reference']).toBe(`did:${String(at(answer.body, 'number.id'))}`);
  });

  it('with a balance that is just enough leaves nothing', async () => {
    const buyer = await exchange.master({ balances: { INR: 50_000 } });
    expectAnswer(await buyer.buy(await exchange.stockOne()), 'bought');
    expect(await exchange.balanceOf(buyer)).toBe(0);
  });

  it('keeps its price when the list changes afterwards', async () => {
    const other = await Exchange.open();
    try {
      const buyer = await other.master();
      const number = await other.bought(buyer);
      await other.server.sql`update price_rule set recurring_minor = 99900 where currency = 'INR'`;
      expect(at((await buyer.number(number)).body, 'monthly_fee')).toBe(monthlyFee);
    } finally {
      await other.close();
    }
  });
});

describe('the currency of a purchase', () => {
  it('is the account’s first, or one that it names and has a wallet in', async () => {
    const buyer = await exchange.master({ balances: { INR: 100_000, USD: 1_000 } });
    const rupees = await buyer.buy(await exchange.stockOne(angeles));
    expect(at(rupees.body, 'number.currency')).toBe('INR');
    const named = await buyer.buy(await exchange.stockOne(angeles), { currency: 'INR' });
    expect(at(named.body, 'number.currency')).toBe('INR');
    const dollars = await buyer.buy(await exchange.stockOne(angeles), { currency: 'USD' });
    expectAnswer(dollars, 'bought');
    expect(at(dollars.body, 'number')).toMatchObject({ currency: 'USD', setup_fee: 1, monthly_fee: 2.5 });
    expect(await exchange.balanceOf(buyer)).toBe(0);
    expect(await exchange.balanceOf(buyer, 'USD')).toBe(650);
  });

  it.each(['USD', 'GBP', 'XXX', 'rupees', 5, {}, []])(
    '%j, without a wallet or a price, is refused and nothing is bought',
    async (currency) => {
      const buyer = await exchange.master({ balances: { INR: 100_000 } });
      const number = await exchange.stockOne();
      expectInvalid(await buyer.buy(number, { currency }));
      expect(await exchange.balanceOf(buyer)).toBe(100_000);
      expect(numbersOf(await buyer.inventory(`?search=${number.slice(1)}`))).toEqual([number]);
    },
  );
});

describe('a purchase that cannot be paid', () => {
  it('is 402 with the sums, and the number stays in stock', async () => {
    const poor = await exchange.master({ balances: { INR: 17_500 } });
    const number = await exchange.stockOne();
    const answer = await poor.buy(number);
    expect(answer.status).toBe(402);
    expect(answer.headers.get('retry-after')).toBeNull();
    expect(answer.body).toEqual({
      error: 'insufficient_balance',
      message: expect.stringMatching(/\S/) as string,
      details: { required: 500, available: 175, currency: 'INR', shortfall: 325 },
    });
    expect(await exchange.balanceOf(poor)).toBe(17_500);
    expect(numbersOf(await poor.inventory(`?search=${number.slice(1)}`))).toEqual([number]);
    expect(numbersOf(await poor.list())).toEqual([]);
    expect(await debitsOf(poor)).toEqual([]);
  });

  it('names set-up and month together, down to the last cent', async () => {
    const short = await exchange.master({ balances: { USD: 349 } });
    const answer = await short.buy(await exchange.stockOne(angeles));
    expect(answer.status).toBe(402);
    expect(at(answer.body, 'details')).toEqual({
      required: 3.5,
      available: 3.49,
      currency: 'USD',
      shortfall: 0.01,
    });
  });

  it('of many at once never overdraws', async () => {
    const buyer = await exchange.master({ balances: { INR: 150_000 + 1 } });
    const numbers = await exchange.stock(8);
    const answers = await Promise.all(numbers.map((number) => buyer.buy(number)));
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 200, 200, 402, 402, 402, 402, 402]);
    expect(await exchange.balanceOf(buyer)).toBe(1);
    expect(numbersOf(await buyer.list())).toHaveLength(3);
  });
});

describe('a sub-account that buys', () => {
  it('gets the number, and its parent pays', async () => {
    const parent = await exchange.master({ balances: { INR: 100_000 } });
    const sub = await exchange.sub(parent);
    const number = await exchange.stockOne();
    const answer = await sub.buy(number);
    expectAnswer(answer, 'bought');
    expect(at(answer.body, 'number')).toMatchObject({ account_id: sub.id, auth_id: sub.id });
    expect(at(answer.body, 'items.0.account_id')).toBe(sub.id);
    expect(await exchange.balanceOf(parent)).toBe(50_000);
    expect(await debitsOf(parent)).toEqual([['did_rental', monthlyFee, 'INR']]);
    expect(numbersOf(await parent.list('?include_subaccounts=false'))).toEqual([]);
  });

  it('gets it from its parent’s credentials on its own path just so', async () => {
    const parent = await exchange.master({ balances: { INR: 100_000 } });
    const sub = await exchange.sub(parent);
    const answer = await parent.on(sub.id).buy(await exchange.stockOne());
    expectAnswer(answer, 'bought');
    expect(at(answer.body, 'number.account_id')).toBe(sub.id);
    expect(await exchange.balanceOf(parent)).toBe(50_000);
  });

  it('gets nothing when its parent cannot pay', async () => {
    const parent = await exchange.master({ balances: { INR: 49_999 } });
    const sub = await exchange.sub(parent);
    const answer = await sub.buy(await exchange.stockOne());
    expect(answer.status).toBe(402);
    expect(at(answer.body, 'details')).toMatchObject({ required: 500, available: 499.99, shortfall: 0.01 });
    expect(numbersOf(await sub.list())).toEqual([]);
  });

  it('shares its parent’s last money with it: one of two gets a number', async () => {
    const parent = await exchange.master({ balances: { INR: 50_000 } });
    const sub = await exchange.sub(parent);
    const [one = '', two = ''] = await exchange.stock(2);
    const answers = await Promise.all([parent.buy(one), sub.buy(two)]);
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 402]);
    expect(await exchange.balanceOf(parent)).toBe(0);
  });
});

describe('a number that is not to be had', () => {
  const notFound = { error: 'not_found', message: 'number not found in inventory' };

  it('is unknown, somebody’s, one’s own already, pending release or resting', async () => {
    const other = await exchange.master();
    const pending = await exchange.bought(other);
    await other.release(pending);
    const resting = await exchange.bought(other);
    await other.release(resting, '?immediate=true');
    const mine = await exchange.bought(master);
    for (const number of ['+918099999999', await exchange.bought(other), mine, pending, resting]) {
      expectBody(await master.buy(number), 404, notFound);
    }
    exchange.advance(day + 1);
    expectBody(await master.buy(pending), 404, notFound);
  });

  it('is charged once when a client repeats itself', async () => {
    const buyer = await exchange.master({ balances: { INR: 200_000 } });
    const number = await exchange.bought(buyer);
    for (let i = 0; i < 3; i++) expectBody(await buyer.buy(number), 404, notFound);
    expect(await exchange.balanceOf(buyer)).toBe(150_000);
  });

  it('belongs to one of two who race for it; the other gets 404', async () => {
    const rival = await exchange.master({ balances: { INR: 100_000_000 } });
    for (let round = 0; round < 10; round++) {
      const number = await exchange.stockOne();
      const answers = await Promise.all([master.buy(number), rival.buy(number)]);
      expect(answers.filter((answer) => answer.status === 200)).toHaveLength(1);
      const loser = answers.find((answer) => answer.status !== 200);
      if (loser) expectBody(loser, 404, notFound);
    }
  });

  it('is of the other environment', async () => {
    const tester = await exchange.master({ environment: 'test' });
    expectBody(await tester.buy(await exchange.stockOne()), 404, notFound);
  });
});

describe('the body of a purchase', () => {
  it.each([
    ['a number as a JSON number', 918041234567],
    ['null', null],
    ['a list', ['+918041234567']],
    ['an object', { $ne: '' }],
    ['nothing', ''],
    ['letters', 'hello'],
    ['too few digits', '+123'],
    ['too many digits', '+1234567890123456'],
    ['a zero in front', '+0918041234567'],
    ['a NUL', '+9180412\u000034567'],
    ['two numbers', '+918041234567,+918041234568'],
  ])('with %s for a number is invalid', async (_what, e164) => {
    expectInvalid(await master.buy(e164));
  });

  it('takes the number’s name from e164 and nothing else', async () => {
    const number = await exchange.stockOne();
    const [row] = rows(await master.inventory(`?search=${number.slice(1)}`));
    const path = '/numbers/purchase-from-inventory';
    for (const body of [{ number_id: row?.['id'] }, { number }, { phone_number: number }]) {
      expectBody(await master.account('POST', path, body), 400, {
        error: 'invalid request',
        message: 'e164 is required',
      });
    }
  });
});

describe('a default application', () => {
  it('is attached to every number bought while it is the default', async () => {
    const buyer = await exchange.master();
    const before = await exchange.bought(buyer);
    const appId = await makeApplication(buyer, { default_number_app: true });
    const answer = await buyer.buy(await exchange.stockOne());
    expectAnswer(answer, 'bought');
    expect(at(answer.body, 'number.application_id')).toBe(appId);
    const [newest] = rows(await buyer.list(`?search=${String(at(answer.body, 'number.e164')).slice(1)}`));
    expect(newest?.['application_id']).toBe(appId);
    expect((await buyer.number(before)).body).not.toHaveProperty('application_id');
  });

  it('of nobody is not attached', async () => {
    const buyer = await exchange.master();
    await makeApplication(buyer);
    const answer = await buyer.buy(await exchange.stockOne());
    expect(at(answer.body, 'number')).not.toHaveProperty('application_id');
  });
});
