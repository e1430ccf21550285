import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { at } from '../../support/request.js';
import { numbersOf, rows } from './client.js';
import { expectAnswer } from './contract.js';
import { day, Exchange, monthlyFee } from './exchange.js';
import type { Caller } from './exchange.js';

let exchange: Exchange;
let master: Caller;

const bengaluru = ['+918041230001', '+918041230002', '+918041250003'];
const mumbai = ['+912241230001', '+912241230002'];
const angeles = ['+12135551234', '+12135551235'];
const everything = [...bengaluru, ...mumbai, ...angeles].sort();

beforeAll(async () => {
  exchange = await Exchange.open();
  master = await exchange.master();
  await exchange.server.addNumbers([...everything].reverse());
});

afterAll(() => exchange.close());

async function found(query: string): Promise<string[]> {
  const answer = await master.inventory(query);
  expectAnswer(answer, 'inventory');
  expect(at(answer.body, 'total')).toBe(rows(answer).length);
  return numbersOf(answer);
}

describe('the inventory', () => {
  it('lists what nobody holds, in the order of the numbers, with what it costs', async () => {
    const answer = await master.inventory();
    expectAnswer(answer, 'inventory');
    expect(numbersOf(answer)).toEqual(everything);
    expect(answer.body).toMatchObject({ page: 1, per_page: 25, total: everything.length });
    for (const row of rows(answer)) {
      expect(row).toMatchObject({ account_id: '', setup_fee: 0, monthly_fee: monthlyFee, currency: 'INR' });
      for (const field of [
        'purchased_at',
        'source',
        'application_id',
        'trunk_group_id',
        'last_billing_date',
      ]) {
        expect(row).not.toHaveProperty(field);
      }
      expect(row).not.toHaveProperty('next_billing_date');
    }
  });

  it('shows fees in the currency of the account’s first wallet', async () => {
    const american = await exchange.master({ balances: { USD: 10_000, INR: 10_000 } });
    const [row] = rows(await american.inventory('?search=12135551234'));
    expect(row).toMatchObject({ setup_fee: 1, monthly_fee: 2.5, currency: 'USD' });
  });

  it('is the same for a sub-account, its parent and the operator', async () => {
    const sub = await exchange.sub(master);
    const admin = await exchange.admin();
    const whole = await master.inventory();
    for (const client of [sub, master.on(sub.id), admin.on(master.id)]) {
      expect((await client.inventory()).body).toEqual(whole.body);
    }
  });

  it('is filtered by country in any case', async () => {
    expect(await found('?country=US')).toEqual(angeles);
    expect(await found('?country=in')).toEqual([...bengaluru, ...mumbai].sort());
    expect(await found('?country=NL')).toEqual([]);
    expect(await found('?country=ZZ')).toEqual([]);
  });

  it('is searched anywhere in the number', async () => {
    expect(await found('?search=80')).toEqual(bengaluru);
    expect(await found('?search=5551234')).toEqual(['+12135551234']);
    expect(await found('?search=%2B9180')).toEqual(bengaluru);
    expect(await found('?search=+9122')).toEqual(mumbai);
    expect(await found('?search=777777')).toEqual([]);
    expect(await found('?search=0001&country=IN')).toEqual(['+912241230001', '+918041230001']);
  });

  it('has nothing that is held, reserved or resting', async () => {
    const [number = '', resting = ''] = await exchange.stock(2, '+91809991');
    await master.buy(number);
    expect(await found('?search=91809991')).toEqual([resting]);
    await master.release(number);
    expect(await found('?search=91809991')).toEqual([resting]);
    exchange.advance(day);
    expect(await found('?search=91809991')).toEqual([resting]);
    await master.buy(resting);
    await master.release(resting, '?immediate=true');
    expect(await found('?search=91809991')).toEqual([]);
    exchange.advance(43 * day);
    expect(await found('?search=91809991')).toEqual([]);
  });

  it('shows the stock of the account’s own environment', async () => {
    const tester = await exchange.master({ environment: 'test' });
    expect((await tester.inventory()).body).toMatchObject({ items: [], total: 0 });
  });
});

describe('exclude', () => {
  const indian = [...bengaluru, ...mumbai].sort();

  it.each([
    ['one prefix', '?exclude=91', angeles],
    ['an encoded plus', '?exclude=%2B91', angeles],
    ['a raw plus, which arrives as a blank', '?exclude=+91', angeles],
    ['a whole number', '?exclude=918041230001', everything.filter((number) => number !== '+918041230001')],
    ['a comma', '?exclude=9180,1', mumbai],
    ['a comma and pluses', '?exclude=%2B9180,%2B1', mumbai],
    ['a comma and a blank', '?exclude=9180,%201', mumbai],
    ['repeats', '?exclude=9180&exclude=%2B1', mumbai],
    ['both', '?exclude=918041,1213&exclude=9122', []],
    ['duplicates', '?exclude=1,1&exclude=%2B1&exclude=1', indian],
    ['a prefix that is in the middle of numbers only', '?exclude=804', everything],
    ['an empty one', '?exclude=', everything],
  ])('takes %s', async (_what, query, left) => {
    expect(await found(query)).toEqual(left);
  });

  it('is stronger than search and country', async () => {
    expect(await found('?search=8041&exclude=918041')).toEqual([]);
    expect(await found('?search=804123&exclude=9180412')).toEqual([]);
    expect(await found('?search=0001&exclude=9122')).toEqual(['+918041230001']);
    expect(await found('?country=IN&exclude=9180')).toEqual(mumbai);
    expect(await found('?country=US&exclude=91')).toEqual(angeles);
  });

  it('counts in the total and on pages', async () => {
    const answer = await master.inventory('?exclude=91&per_page=1&page=2');
    expect(answer.body).toMatchObject({ page: 2, per_page: 1, total: 2 });
    expect(numbersOf(answer)).toEqual(['+12135551235']);
  });

  it('takes many prefixes at once', async () => {
    const many = Array.from({ length: 60 }, (_, i) => `4930${i}`).join(',');
    expect(await found(`?exclude=${many}`)).toEqual(everything);
  });
});

describe('pages of the inventory', () => {
  let shelf: string[];
  const query = '?search=91205555';

  beforeAll(async () => {
    shelf = (await exchange.stock(130, '+91205555')).sort();
  });

  it('honour 100 to the number, and tell by a full page that there is more', async () => {
    const first = await master.inventory(`${query}&per_page=100`);
    expectAnswer(first, 'inventory');
    expect(numbersOf(first)).toEqual(shelf.slice(0, 100));
    expect(first.body).toMatchObject({ page: 1, per_page: 100, total: 130 });
    const second = await master.inventory(`${query}&per_page=100&page=2`);
    expect(numbersOf(second)).toEqual(shelf.slice(100));
    expect(numbersOf(await master.inventory(`${query}&per_page=100&page=3`))).toEqual([]);
  });

  it('clamp what is too much, and fall back from what is no size', async () => {
    for (const size of ['101', '5000']) {
      const answer = await master.inventory(`${query}&per_page=${size}`);
      expect(answer.body).toMatchObject({ per_page: 100, total: 130 });
      expect(rows(answer)).toHaveLength(100);
    }
    for (const size of ['0', '-5', 'ten', '2.5', '']) {
      const answer = await master.inventory(`${query}&per_page=${size}`);
      expect(answer.body).toMatchObject({ per_page: 25, total: 130 });
      expect(rows(answer)).toHaveLength(25);
    }
    for (const page of ['0', '-1', 'one', '']) {
      const answer = await master.inventory(`${query}&page=${page}`);
      expect(answer.body).toMatchObject({ page: 1 });
      expect(numbersOf(answer)).toEqual(shelf.slice(0, 25));
    }
  });

  it('neither skip nor repeat', async () => {
    const seen = [];
    for (let page = 1; page <= 5; page++) {
      seen.push(...numbersOf(await master.inventory(`${query}&per_page=29&page=${page}`)));
    }
    expect(seen).toEqual(shelf);
  });
});
