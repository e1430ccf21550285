import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { at } from '../../support/request.js';
import { numbersOf, rows } from './client.js';
import { expectAnswer, expectFlat } from './contract.js';
import { day, Exchange, expectInstant, monthlyFee, uuidForm } from './exchange.js';
import type { Caller } from './exchange.js';

let exchange: Exchange;

beforeAll(async () => {
  exchange = await Exchange.open();
});

afterAll(() => exchange.close());

async function buyInTurn(client: Caller, count: number): Promise<string[]> {
  const bought: string[] = [];
  for (let i = 0; i < count; i++) {
    bought.push(await exchange.bought(client));
    exchange.advance(1);
  }
  return bought;
}

describe('the list of an account’s numbers', () => {
  it('is empty at first', async () => {
    const master = await exchange.master();
    const answer = await master.list();
    expectAnswer(answer, 'numbers');
    expect(answer.body).toEqual({ items: [], page: 1, per_page: 25, total: 0 });
  });

  it('shows every field of a number', async () => {
    const master = await exchange.master();
    const number = await exchange.stockOne();
    const boughtAt = exchange.instant();
    const bought = await master.buy(number);
    const answer = await master.list();
    expectAnswer(answer, 'numbers');
    const [row = {}] = rows(answer);
    expect(row).toMatchObject({
      id: at(bought.body, 'number.id'),
      account_id: master.id,
      e164: number,
      country: 'IN',
      status: 'active',
      setup_fee: 0,
      monthly_fee: monthlyFee,
      currency: 'INR',
      tags: [],
      is_blocked: false,
      is_trial_number: false,
      source: 'purchased',
      minimum_commitment_months: 0,
    });
    expectInstant(row['purchased_at'], boughtAt);
    for (const field of ['application_id', 'trunk_group_id', 'released_at', 'auth_id', 'last_call_at']) {
      expect(row).not.toHaveProperty(field);
    }
  });

  it('has the newest purchase first', async () => {
    const master = await exchange.master();
    const bought = await buyInTurn(master, 4);
    expect(numbersOf(await master.list())).toEqual(bought.reverse());
  });

  it('keeps one order for numbers bought in the same instant', async () => {
    const master = await exchange.master();
    for (let i = 0; i < 5; i++) await exchange.bought(master);
    const whole = numbersOf(await master.list());
    const pages = [];
    for (let page = 1; page <= 5; page++) {
      pages.push(...numbersOf(await master.list(`?page=${page}&per_page=1`)));
    }
    expect(pages).toEqual(whole);
    expect(new Set(pages).size).toBe(5);
  });

  it('is searched by a run of digits, with or without a plus sign', async () => {
    const master = await exchange.master();
    const [first = '', second = ''] = await buyInTurn(master, 2);
    const found = async (search: string) => numbersOf(await master.list(`?search=${search}`));
    expect(await found(first.slice(1))).toEqual([first]);
    expect(await found(encodeURIComponent(second))).toEqual([second]);
    expect(await found(second)).toEqual([second]);
    expect(await found(first.slice(5))).toEqual([first]);
    expect((await found('9180')).sort()).toEqual([first, second]);
    expect(await found('0000000')).toEqual([]);
    expect(at((await master.list(`?search=${first.slice(1)}`)).body, 'total')).toBe(1);
  });

  it('ignores parameters that it does not know', async () => {
    const master = await exchange.master();
    const bought = await buyInTurn(master, 2);
    const answer = await master.list('?limit=1&offset=1&from_date=nonsense&foo[]=1');
    expect(numbersOf(answer)).toEqual(bought.reverse());
  });

  it('includes numbers that are pending release or blocked, and no longer held ones not', async () => {
    const master = await exchange.master();
    const [active = '', pending = '', blocked = '', gone = ''] = await buyInTurn(master, 4);
    await master.release(pending);
    await master.release(gone, '?immediate=true');
    await exchange.server.sql`
      update rental set state = 'suspended' where number_id = ${blocked.slice(1)}::bigint`;
    const answer = await master.list();
    expectAnswer(answer, 'numbers');
    const statuses = rows(answer).map((row) => [row['e164'], row['status'], row['is_blocked']]);
    expect(statuses).toEqual([
      [blocked, 'blocked', true],
      [pending, 'pending_release', false],
      [active, 'active', false],
    ]);
    expect(at(answer.body, 'total')).toBe(3);
  });
});

describe('pages of the list', () => {
  let master: Caller;
  let all: string[];

  beforeAll(async () => {
    master = await exchange.master({ balances: { INR: 100_000_000 } });
    for (const number of await exchange.stock(30)) expectAnswer(await master.buy(number), 'bought');
    all = numbersOf(await master.list('?per_page=100'));
  });

  it('are 25 numbers long unless asked otherwise', async () => {
    expect(all).toHaveLength(30);
    const first = await master.list();
    expectAnswer(first, 'numbers');
    expect(numbersOf(first)).toEqual(all.slice(0, 25));
    expect(first.body).toMatchObject({ page: 1, per_page: 25, total: 30 });
    const second = await master.list('?page=2');
    expect(numbersOf(second)).toEqual(all.slice(25));
    expect(second.body).toMatchObject({ page: 2, per_page: 25, total: 30 });
  });

  it('neither skip nor repeat', async () => {
    const seen = [];
    for (let page = 1; page <= 5; page++) {
      const answer = await master.list(`?per_page=7&page=${page}`);
      expect(answer.body).toMatchObject({ page, per_page: 7, total: 30 });
      seen.push(...numbersOf(answer));
    }
    expect(seen).toEqual(all);
  });

  it('beyond the end are empty, and no error', async () => {
    for (const page of ['3', '1000', '999999999']) {
      const answer = await master.list(`?page=${page}`);
      expectAnswer(answer, 'numbers');
      expect(answer.body).toMatchObject({ items: [], total: 30, page: Number(page) });
    }
  });

  it.each(['0', '-1', 'x', '1.5', '', '%00'])('%s of them falls back to 25', async (size) => {
    const answer = await master.list(`?per_page=${size}`);
    expect(answer.body).toMatchObject({ per_page: 25 });
    expect(numbersOf(answer)).toHaveLength(25);
  });

  it.each(['101', '1000', '99999999999999999999'])('%s of them are cut down to 100', async (size) => {
    const answer = await master.list(`?per_page=${size}`);
    expect(answer.body).toMatchObject({ per_page: 100, total: 30 });
    expect(numbersOf(answer)).toEqual(all);
  });

  it.each(['0', '-3', 'x', ''])('page %s is the first', async (page) => {
    const answer = await master.list(`?page=${page}&per_page=5`);
    expect(answer.body).toMatchObject({ page: 1, per_page: 5 });
    expect(numbersOf(answer)).toEqual(all.slice(0, 5));
  });
});

describe('the list and sub-accounts', () => {
  it('includes their numbers for the parent, unless it is asked not to', async () => {
    const master = await exchange.master();
    const [one, two] = [await exchange.sub(master), await exchange.sub(master)];
    const own = await exchange.bought(master);
    exchange.advance(1);
    const first = await exchange.bought(one);
    exchange.advance(1);
    const second = await exchange.given(master, two);
    for (const query of ['', '?include_subaccounts=true']) {
      const answer = await master.list(query);
      expectAnswer(answer, 'numbers');
      expect(rows(answer).map((row) => [row['e164'], row['account_id']])).toEqual([
        [second, two.id],
        [first, one.id],
        [own, master.id],
      ]);
    }
    const alone = await master.list('?include_subaccounts=false');
    expect(numbersOf(alone)).toEqual([own]);
    expect(at(alone.body, 'total')).toBe(1);
  });

  it('shows a sub-account its own numbers alone, whatever is asked', async () => {
    const master = await exchange.master();
    const [one, two] = [await exchange.sub(master), await exchange.sub(master)];
    await exchange.bought(master);
    await exchange.bought(two);
    const mine = await exchange.bought(one);
    for (const query of ['', '?include_subaccounts=true', '?include_subaccounts=false']) {
      expect(numbersOf(await one.list(query))).toEqual([mine]);
      expect(numbersOf(await master.on(one.id).list(query))).toEqual([mine]);
    }
  });

  it('never shows another account’s', async () => {
    const [master, other] = [await exchange.master(), await exchange.master()];
    const theirs = await exchange.bought(other);
    expect(numbersOf(await master.list(`?search=${theirs.slice(1)}`))).toEqual([]);
  });
});

describe('a single number', () => {
  it('is the entry of the list', async () => {
    const master = await exchange.master();
    const number = await exchange.bought(master);
    const answer = await master.number(number);
    expectAnswer(answer, 'number');
    expect(answer.body).toEqual(rows(await master.list())[0]);
  });

  it('is not found when it is in stock, another’s, or nowhere', async () => {
    const [master, other] = [await exchange.master(), await exchange.master()];
    for (const number of [await exchange.stockOne(), await exchange.bought(other), '+918099999999']) {
      expectFlat(await master.number(number), 404, 'not_found');
    }
  });

  it('keeps one id in stock, under every holder, and in stock again', async () => {
    const number = await exchange.stockOne();
    const ids = new Set<unknown>();
    const master = await exchange.master();
    const sub = await exchange.sub(master);
    ids.add(rows(await master.inventory(`?search=${number.slice(1)}`))[0]?.['id']);
    ids.add(at((await master.buy(number)).body, 'number.id'));
    ids.add(at((await master.number(number)).body, 'id'));
    await master.give(number, sub.id);
    ids.add(at((await sub.number(number)).body, 'id'));
    await master.takeBack(number);
    await master.release(number);
    ids.add(at((await master.number(number)).body, 'id'));
    await master.cancelRelease(number);
    exchange.advance(day);
    ids.add(at((await master.number(number)).body, 'id'));
    expect(ids.size).toBe(1);
    for (const id of ids) expect(id).toMatch(uuidForm);
  });
});
