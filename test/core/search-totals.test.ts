import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Context } from '../../src/core/context.js';
import { countNumbers, countedNumbersMax, pageOfNumbers } from '../../src/core/stock/search/index.js';
import type { NumberFilters } from '../../src/core/stock/search/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { filtersOf, fits, loadStock, makeStock, now } from './search-stock.js';

const stock = makeStock();
let database: TestDatabase;
let ctx: Context;

beforeAll(async () => {
  database = await createTestDatabase();
  await loadStock(database.sql, stock);
  ctx = {
    sql: database.sql,
    clock: { now: () => now },
    actor: { kind: 'system', name: 'test' },
    requestId: 'req_test',
  };
}, 60_000);

afterAll(async () => {
  await database.drop();
});

const expectedIds = (filters: NumberFilters): number[] =>
  stock
    .filter((number) => fits(number, filters))
    .map(({ id }) => id)
    .sort((a, b) => a - b);

const runs = Number(process.env['SEARCH_RUNS'] ?? 300);

describe('a total', () => {
  it('is exactly how many numbers fit, whatever the filters', async () => {
    await fc.assert(
      fc.asyncProperty(filtersOf(stock), async (filters) => {
        const { total, isExact } = await countNumbers({ ctx, input: { filters } });
        const expected = expectedIds(filters).length;
        if (isExact) expect(total).toBe(expected);
        else expect(total).toBeLessThanOrEqual(expected);
        expect(isExact || total === countedNumbersMax || expected > countedNumbersMax / 10).toBe(true);
      }),
      { numRuns: runs },
    );
  }, 120_000);
});

describe('a numbered page', () => {
  it('holds its stretch of what fits, in ascending order', async () => {
    const pages = fc.integer({ min: 1, max: 4 });
    await fc.assert(
      fc.asyncProperty(
        filtersOf(stock),
        pages,
        fc.integer({ min: 1, max: 100 }),
        async (filters, page, perPage) => {
          const found = await pageOfNumbers({ ctx, input: { filters, page, perPage } });
          const expected = expectedIds(filters).slice((page - 1) * perPage, page * perPage);
          expect(found.map(({ id }) => id)).toEqual(expected);
        },
      ),
      { numRuns: runs },
    );
  }, 120_000);

  it.each([
    ['page', { page: 0, perPage: 10 }],
    ['page', { page: 1.5, perPage: 10 }],
    ['page', { page: 1_000_000, perPage: 100 }],
    ['perPage', { page: 1, perPage: 0 }],
    ['perPage', { page: 1, perPage: 101 }],
  ])('with an odd %s is refused by name', async (field, paging) => {
    const input = { filters: { environment: 'live' } as const, ...paging };
    await expect(pageOfNumbers({ ctx, input })).rejects.toMatchObject({
      code: 'invalid_input',
      details: { field },
    });
  });
});
