import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { at } from '../../support/request.js';
import { verifyBooks } from '../../../src/core/verify/index.js';
import { rows } from './client.js';
import type { VobizClient } from './client.js';
import { expectAnswer, expectBody, expectFlat, expectNothing } from './contract.js';
import { day, Exchange } from './exchange.js';
import type { Caller } from './exchange.js';

let exchange: Exchange;
let owner: Caller;
/** The numbers bought on the first, second and third day; the third was released for a fee and restored. */
let numbers: string[];
let firstDay: string;

beforeAll(async () => {
  exchange = await Exchange.open();
  owner = await exchange.master({ balances: { INR: 500_000 } });
  await exchange.setReleaseFee(owner, 25_000);
  firstDay = exchange.instant().slice(0, 10);
  numbers = [];
  for (let i = 0; i < 3; i++) {
    numbers.push(await exchange.bought(owner));
    exchange.advance(day);
  }
  const [, , third = ''] = numbers;
  expectAnswer(await owner.release(third), 'releasing');
  exchange.advance(60);
  expectAnswer(await owner.cancelRelease(third), 'cancelled');
});

afterAll(() => exchange.close());

async function found(query = ''): Promise<Readonly<Record<string, unknown>>[]> {
  const answer = await owner.transactions(query);
  expectAnswer(answer, 'transactions');
  const list = rows(answer, 'transactions');
  expect(at(answer.body, 'total')).toBe(list.length);
  return list;
}

const kinds = (list: readonly Readonly<Record<string, unknown>>[]) =>
  list.map((row) => `${String(row['type'])} ${String(row['reference_type'])} ${String(row['amount'])}`);

describe('a balance', () => {
  it('is shown per currency, in major units', async () => {
    const answer = await owner.balance('INR');
    expectAnswer(answer, 'balance');
    expect(answer.body).toMatchObject({
      account_id: owner.id,
      currency: 'INR',
      balance: 3500,
      available_balance: 3500,
      credit_limit: 0,
      is_postpaid: false,
    });
    const other = await exchange.master({ balances: { INR: 1, USD: 12_345 } });
    expect((await other.balance('INR')).body).toMatchObject({ balance: 0.01, currency: 'INR' });
    expect((await other.balance('USD')).body).toMatchObject({ balance: 123.45, currency: 'USD' });
  });

  it('without a wallet is 404', async () => {
    for (const currency of ['USD', 'EUR', 'XXX', 'nonsense']) {
      expectFlat(await owner.balance(currency), 404, 'not_found');
    }
  });

  it('is what a purchase is judged by', async () => {
    const buyer = await exchange.master({ balances: { INR: 50_000 } });
    expect(at((await buyer.balance()).body, 'available_balance')).toBe(500);
    await exchange.bought(buyer);
    expect((await buyer.balance()).body).toMatchObject({ balance: 0, available_balance: 0 });
    expect((await buyer.buy(await exchange.stockOne())).status).toBe(402);
  });
});

describe('the transactions', () => {
  it('tell everything that moved the balance, the newest first', async () => {
    const list = await found();
    expect(kinds(list).slice(0, 5)).toEqual([
      'credit refund 250',
      'debit did_release 250',
      'debit did_rental 500',
      'debit did_rental 500',
      'debit did_rental 500',
    ]);
    expect(kinds(list).slice(5)).toEqual([
      expect.stringMatching(/^credit (payment|manual_adjustment) 5000$/),
    ]);
    for (const row of list) {
      expect(row).toMatchObject({ account_id: owner.id, currency: 'INR', status: 'completed' });
    }
    expect(new Set(list.map((row) => row['id'])).size).toBe(6);
  });

  it('sum up to the balance', async () => {
    const answer = await owner.transactions();
    expect(at(answer.body, 'summary')).toMatchObject({
      total_transactions: 6,
      total_debit: 1750,
      total_credit: 5250,
    });
    expect(Math.abs(Number(at(answer.body, 'summary.net_amount')))).toBe(3500);
  });

  it('name the number that a charge is for', async () => {
    const ids = await Promise.all(numbers.map(async (number) => at((await owner.number(number)).body, 'id')));
    const rentals = await found('?reference_type=did_rental');
    expect(rentals.map((row) => row['reference'])).toEqual(ids.reverse().map((id) => `did:${String(id)}`));
  });

  it.each([
    ['?type=debit', 4],
    ['?type=credit', 2],
    ['?status=completed', 6],
    ['?status=pending', 0],
    ['?status=failed', 0],
    ['?status=cancelled', 0],
    ['?currency=INR', 6],
    ['?currency=USD', 0],
    ['?reference_type=did_rental', 3],
    ['?reference_type=did_release', 1],
    ['?reference_type=refund', 1],
    ['?reference_type=cdr', 0],
    ['?reference_type=nonsense', 0],
    ['?type=debit&reference_type=refund', 0],
    ['?type=debit&reference_type=did_rental&currency=INR', 3],
    ['?reference=did:nonsense', 0],
    ['?transaction_id=nonsense', 0],
    ['?description=zzzzzzzz', 0],
    ['?limit=1&offset=3', 6],
  ])('filtered by %s are %i', async (query, count) => {
    expect(await found(query)).toHaveLength(count);
  });

  it('are found one by one, by id, reference and words of the description', async () => {
    const list = await found();
    for (const row of list) {
      const id = encodeURIComponent(String(row['id']));
      expect((await found(`?transaction_id=${id}`)).map((found) => found['id'])).toEqual([row['id']]);
    }
    const [rental] = await found('?reference_type=did_rental');
    const reference = encodeURIComponent(String(rental?.['reference']));
    for (const row of await found(`?reference=${reference}`)) {
      expect(row['reference']).toBe(rental?.['reference']);
    }
    expect(await found(`?reference=${reference}&type=debit&reference_type=did_rental`)).toHaveLength(1);
    const words = encodeURIComponent(String(rental?.['description']));
    const described = (await found(`?description=${words}`)).map((row) => row['id']);
    expect(described).toContain(rental?.['id']);
  });

  it('are found by day, both ends included, and by instant', async () => {
    const dayAfter = (days: number) =>
      new Date(Date.parse(`${firstDay}T00:00:00Z`) + days * day * 1000).toISOString().slice(0, 10);
    const rentals = '&reference_type=did_rental';
    expect(await found(`?from_date=${firstDay}&to_date=${firstDay}${rentals}`)).toHaveLength(1);
    expect(await found(`?from_date=${firstDay}&to_date=${dayAfter(1)}${rentals}`)).toHaveLength(2);
    expect(await found(`?from_date=${dayAfter(1)}${rentals}`)).toHaveLength(2);
    expect(await found(`?to_date=${dayAfter(1)}${rentals}`)).toHaveLength(2);
    expect(await found(`?from_date=${dayAfter(10)}`)).toHaveLength(0);
    expect(await found(`?to_date=${dayAfter(-1)}`)).toHaveLength(0);
    const first = `${firstDay}T09:30:00Z`;
    expect(await found(`?from_date=${first}&to_date=${first}${rentals}`)).toHaveLength(1);
    expect(await found(`?to_date=${firstDay}T09:29:59Z${rentals}`)).toHaveLength(0);
  });

  it.each(['from_date=yesterday', 'to_date=2026-13-45', 'from_date=2026-02-30T99:00:00Z'])(
    'with the bad date %s fail in the vendor’s words',
    async (query) => {
      expectBody(await owner.transactions(`?${query}`), 500, { error: 'Failed to retrieve transactions' });
    },
  );

  it('come in pages', async () => {
    const whole = (await found()).map((row) => row['id']);
    const paged = [];
    for (let page = 1; page <= 3; page++) {
      const answer = await owner.transactions(`?per_page=2&page=${page}`);
      expectAnswer(answer, 'transactions');
      expect(answer.body).toMatchObject({ page, per_page: 2, total: 6, total_pages: 3 });
      paged.push(...rows(answer, 'transactions').map((row) => row['id']));
    }
    expect(paged).toEqual(whole);
    const beyond = await owner.transactions('?per_page=2&page=9');
    expect(beyond.body).toMatchObject({ transactions: [], total: 6, page: 9 });
  });

  it.each([
    ['', 50],
    ['per_page=1000', 1000],
    ['per_page=1001', 50],
    ['per_page=0', 50],
    ['per_page=-1', 50],
    ['per_page=x', 50],
    ['per_page=1.5', 50],
  ])('with “%s” have pages of %i', async (query, size) => {
    expect(at((await owner.transactions(`?${query}`)).body, 'per_page')).toBe(size);
  });

  it('start at the first page whatever is asked below it', async () => {
    for (const page of ['0', '-1', 'x']) {
      expect(at((await owner.transactions(`?page=${page}`)).body, 'page')).toBe(1);
    }
  });

  it('of a sub-account are its own, and never a sibling’s or the rest of its parent’s', async () => {
    const parent = await exchange.master();
    const [one, two] = [await exchange.sub(parent), await exchange.sub(parent)];
    const [ofOne, ofTwo] = [await exchange.bought(one), await exchange.bought(two)];
    const ofParent = await exchange.given(parent, one);
    const seen = async (caller: Caller | VobizClient) => {
      const answer = await caller.transactions();
      expectAnswer(answer, 'transactions');
      return rows(answer, 'transactions').map((row) => `${String(row['type'])} ${String(row['reference'])}`);
    };
    const charge = async (holder: Caller, number: string) =>
      `debit did:${String(at((await holder.number(number)).body, 'id'))}`;
    const whole = await seen(parent);
    expect(whole).toHaveLength(4);
    expect(whole).toContain(await charge(one, ofParent));
    expect(await seen(one)).toEqual([await charge(one, ofOne)]);
    expect(await seen(two)).toEqual([await charge(two, ofTwo)]);
    expect(await seen(parent.on(one.id))).toEqual([await charge(one, ofOne)]);
    const answer = await one.transactions();
    expect(answer.body).toMatchObject({
      total: 1,
      summary: { total_debit: 500, total_credit: 0, net_amount: -500 },
    });
    const [entry] = rows(answer, 'transactions');
    expect(entry).toMatchObject({ account_id: one.id, balance_id: '' });
    for (const query of [`?reference=${(await charge(two, ofTwo)).slice(6)}`, '?reference_type=payment']) {
      expect((await one.transactions(query)).body).toMatchObject({ transactions: [], total: 0 });
    }
  });

  it('stay with who held the number when they were posted', async () => {
    const parent = await exchange.master();
    const sub = await exchange.sub(parent);
    const number = await exchange.bought(sub);
    exchange.advance(day);
    expectNothing(await parent.takeBack(number));
    exchange.advance(day);
    expect(rows(await sub.transactions(), 'transactions')).toHaveLength(1);
  });

  it('of its parent a sub-account is not told by a balance either', async () => {
    const parent = await exchange.master();
    const sub = await exchange.sub(parent);
    expectFlat(await sub.balance(), 404, 'not_found');
    expectFlat(await parent.on(sub.id).balance(), 404, 'not_found');
  });

  it('have kinds that are listed', async () => {
    const answer = await owner.get('/transactions/reference-types');
    expectAnswer(answer, 'referenceTypes');
    const types = at(answer.body, 'reference_types');
    expect(types).toEqual(expect.arrayContaining(['did_rental', 'did_release', 'refund']));
  });
});

it('leaves the books in order', async () => {
  const { checks } = await verifyBooks({ ctx: exchange.server.operator() });
  expect(checks.filter((check) => !check.ok)).toEqual([]);
});
