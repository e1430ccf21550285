import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectAnswer, expectError, expectNoServerFailure } from './client.js';
import type { Query } from './client.js';
import { virtualNumbersAnswer } from './contract.js';
import { Exchange, buy, losAngelesGroup, paths, reserve } from './exchange.js';
import type { Tenant } from './exchange.js';

const owned = 205;
let exchange: Exchange;
let owner: Tenant;

beforeAll(async () => {
  exchange = await Exchange.open();
  owner = await exchange.tenant({ balances: { USD: owned * 350 } });
  const numbers = await exchange.stock('losAngeles', owned);
  for (let start = 0; start < owned; start += 50) {
    for (const number of numbers.slice(start, start + 50)) {
      await reserve(owner.client, { group_id: losAngelesGroup, number });
    }
    await buy(owner.client, {});
  }
  expect(await exchange.balanceOf(owner)).toBe(0);
});

afterAll(() => exchange.close());

async function page(query: Query): Promise<{ count: number; page: number; uuids: string[] }> {
  const answer = expectAnswer(await owner.client.get(paths.virtualNumbers, query), 200, virtualNumbersAnswer);
  const { count, numbers } = answer;
  expect(count).toBe(numbers.length);
  return { count, page: answer.page, uuids: numbers.map((row) => row.uuid) };
}

describe('the pages of owned numbers', () => {
  it('have 50 rows and begin at zero', async () => {
    const first = await page({});
    expect([first.count, first.page]).toEqual([50, 0]);
    expect(await page({ page_number: 0, results_per_page: 50 })).toEqual(first);
  });

  it.each([
    ['page_number', 'results_per_page'],
    ['page', 'per_page'],
    ['page_number', 'per_page'],
  ])('turned by %s and %s until a short one hold every number once', async (pageName, sizeName) => {
    const seen: string[] = [];
    for (let number = 0; ; number++) {
      const { count, page: echo, uuids } = await page({ [pageName]: number, [sizeName]: 100 });
      expect(echo).toBe(number);
      seen.push(...uuids);
      if (count < 100) break;
    }
    expect(seen).toHaveLength(owned);
    expect(new Set(seen).size).toBe(owned);
  });

  it('count their own rows, not all', async () => {
    expect((await page({ page_number: 4 })).count).toBe(5);
    expect((await page({ page_number: 2, results_per_page: 3 })).count).toBe(3);
  });

  it.each([201, 500, 1_000_000])('asked for %i rows have 200', async (size) => {
    expect((await page({ results_per_page: size })).count).toBe(200);
    expect((await page({ per_page: size })).count).toBe(200);
    expect((await page({ results_per_page: size, page_number: 1 })).count).toBe(5);
  });

  it('past the end are empty and echo what was asked', async () => {
    expect(await page({ page_number: 5 })).toEqual({ count: 0, page: 5, uuids: [] });
    expect(await page({ page: 1_000_000, per_page: 200 })).toEqual({ count: 0, page: 1_000_000, uuids: [] });
  });

  it.each([1_000_001, 123_456_789])('as far past the end as %i still echo what was asked', async (asked) => {
    expect(await page({ page_number: asked })).toEqual({ count: 0, page: asked, uuids: [] });
  });

  it('keep their order between calls', async () => {
    expect(await page({ page: 1, per_page: 70 })).toEqual(await page({ page: 1, per_page: 70 }));
  });

  it('ignore parameters they do not know', async () => {
    expect(await page({ offset: 10, cursor: 'x', limit: 1 })).toEqual(await page({}));
  });

  it.each([
    { page_number: 'abc' },
    { page_number: -1 },
    { page_number: '1.5' },
    { results_per_page: 'many' },
    { results_per_page: -5 },
    { page: 'x' },
    { per_page: '1e1' },
  ])('refuse %j', async (query: Query) => {
    expectError(await owner.client.get(paths.virtualNumbers, query), 400, 422);
  });

  it.each([
    { results_per_page: 0 },
    { page_number: '9007199254740993' },
    { page_number: '9'.repeat(40) },
    { results_per_page: '9'.repeat(40) },
    { page_number: '9007199254740991', results_per_page: 200 },
    { page_number: '' },
  ])('survive %j', async (query: Query) => {
    expectNoServerFailure(await owner.client.get(paths.virtualNumbers, query));
  });
});
