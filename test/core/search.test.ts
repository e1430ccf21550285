import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Context } from '../../src/core/context.js';
import {
  countryNo,
  digitsOf,
  featureMask,
  featureNames,
  numberIdOf,
} from '../../src/core/stock/number-row.js';
import { searchNumbers } from '../../src/core/stock/search/index.js';
import type { FoundNumber, NumberFilters } from '../../src/core/stock/search/index.js';
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

/** Turns every page of a search; fails on more pages than any search of this stock can have. */
async function turnPages(
  filters: NumberFilters,
  limit: number,
  between?: () => Promise<void>,
): Promise<FoundNumber[]> {
  const found: FoundNumber[] = [];
  let cursor: string | undefined;
  for (let pages = 0; pages < 5_000; pages++) {
    const page = await searchNumbers({ ctx, input: { filters, limit, cursor } });
    found.push(...page.numbers);
    if (page.nextCursor === null) return found;
    cursor = page.nextCursor;
    await between?.();
  }
  throw new Error('a search without end');
}

const sorted = (ids: readonly number[]): number[] => [...ids].sort((a, b) => a - b);

async function expectSame(filters: NumberFilters, limit: number): Promise<void> {
  const found = await turnPages(filters, limit);
  const expected = stock.filter((number) => fits(number, filters)).map(({ id }) => id);
  expect(sorted(found.map(({ id }) => id))).toEqual(sorted(expected));
}

const filtersFrom = filtersOf(stock);

describe('a search', () => {
  it('finds exactly the numbers that fit, whatever the filters', async () => {
    await fc.assert(fc.asyncProperty(filtersFrom, fc.integer({ min: 5, max: 100 }), expectSame), {
      numRuns: Number(process.env['SEARCH_RUNS'] ?? 400),
    });
  }, 120_000);

  it.each([
    [{ country: 'US', contains: '555' }],
    [{ country: 'US', contains: '0123' }],
    [{ country: 'DE', contains: '77' }],
    [{ country: 'NL', endsWith: '0' }],
    [{ country: 'US', pattern: '*5*1*' }],
    [{ country: 'US', pattern: '??????0?1?' }],
    [{ country: 'US', startsWith: '1205', exclude: ['12055501', '+12055502'] }],
    [{ exclude: ['1', '3', '4'] }],
    [{ country: 'US', startsWith: '1800FLOW' }],
    [{ country: 'US', contains: 'cat' }],
  ])('finds exactly the numbers that fit %j', async (filters) => {
    await expectSame({ environment: 'live', ...filters }, 7);
    await expectSame({ environment: 'test', ...filters }, 50);
  });
});

describe('a run of digits', () => {
  it('at the end of a number comes first', async () => {
    const found = await turnPages({ environment: 'live', country: 'US', contains: '0123' }, 10);
    const atEnd = found.map(({ id }) => String(id).endsWith('0123'));
    expect(atEnd.slice().sort().reverse()).toEqual(atEnd);
  });
});

describe('a cursor', () => {
  const searches: NumberFilters[] = [
    { environment: 'live', country: 'US' },
    { environment: 'live' },
    { environment: 'live', country: 'US', type: 'local', features: ['voice'] },
    { environment: 'live', country: 'US', contains: '55' },
    { environment: 'live', country: 'US', contains: '012' },
    { environment: 'live', country: 'DE', endsWith: '1' },
    { environment: 'live', country: 'US', pattern: '*5*0*' },
  ];

  it.each(searches)(
    'neither skips nor repeats a number that stays while others come and go: %j',
    async (filters) => {
      const candidates = stock.filter((number) => number.id < 1e15 && !number.held);
      const moving = candidates.filter((_, index) => index % 3 === 0);
      const status = new Map(moving.map((number) => [number.id, number.status]));
      let turn = 0;
      const churn = async (): Promise<void> => {
        turn++;
        const moved = moving.filter((_, index) => (index + turn) % 5 === 0);
        for (const { id } of moved) status.set(id, status.get(id) === 's' ? 'r' : 's');
        await database.sql`
        update number set status = case status when 's' then 'r' else 's' end::"char"
        where id = any(${moved.map(({ id }) => id)}::bigint[])`;
      };
      const found = (await turnPages(filters, 40, churn)).map(({ id }) => id);
      await database.sql`
      update number set status = 's' where id = any(${moving.filter((n) => n.status === 's').map((n) => n.id)}::bigint[])`;
      await database.sql`
      update number set status = 'r' where id = any(${moving.filter((n) => n.status !== 's').map((n) => n.id)}::bigint[])`;
      expect(new Set(found).size).toBe(found.length);
      const movingIds = new Set(moving.map(({ id }) => id));
      const stayed = candidates.filter((number) => !movingIds.has(number.id) && fits(number, filters));
      expect(sorted(found.filter((id) => !movingIds.has(id)))).toEqual(sorted(stayed.map(({ id }) => id)));
    },
  );

  it('of other filters is refused', async () => {
    const first = await searchNumbers({
      ctx,
      input: { filters: { environment: 'live', country: 'US' }, limit: 5 },
    });
    const input = {
      filters: { environment: 'live', country: 'CA' } as const,
      limit: 5,
      cursor: first.nextCursor ?? '',
    };
    await expect(searchNumbers({ ctx, input })).rejects.toMatchObject({
      code: 'invalid_input',
      details: { field: 'cursor' },
    });
  });

  it('that somebody made up is refused or harmless', async () => {
    const filters: NumberFilters = { environment: 'live', country: 'US', contains: '55' };
    const first = await searchNumbers({ ctx, input: { filters, limit: 5 } });
    const print = first.nextCursor?.split('~')[1] ?? '';
    const part = fc.oneof(fc.nat(700), fc.nat(8_000_000), fc.maxSafeNat(), fc.integer());
    await fc.assert(
      fc.asyncProperty(fc.array(part, { minLength: 1, maxLength: 5 }), async (parts) => {
        const cursor = `${parts.map((value) => value.toString(36)).join('.')}~${print}`;
        await searchNumbers({ ctx, input: { filters, limit: 5, cursor } }).catch((error: unknown) => {
          expect(error).toMatchObject({ code: 'invalid_input', details: { field: 'cursor' } });
        });
      }),
    );
  });
});

describe('odd input', () => {
  it.each([
    ['startsWith', { startsWith: '' }],
    ['startsWith', { startsWith: '12 34' }],
    ['contains', { contains: '1234567890123456' }],
    ['contains', { contains: "1' or true --" }],
    ['endsWith', { endsWith: '%' }],
    ['pattern', { pattern: '12[3]' }],
    ['pattern', { pattern: '?'.repeat(16) }],
    ['pattern', { pattern: '' }],
    ['exclude', { exclude: ['+'] }],
    ['country', { country: 'USA' }],
    ['countries', { countries: ['US', 'ß'] }],
    ['cityId', { cityId: 1.5 }],
    ['type', { type: 'pigeon' as never }],
    ['features', { features: ['toString' as never] }],
  ])('in %s is refused by name', async (field, filters) => {
    await expect(
      searchNumbers({ ctx, input: { filters: { environment: 'live', ...filters }, limit: 5 } }),
    ).rejects.toMatchObject({ code: 'invalid_input', details: { field } });
  });

  it.each([0, 101, 1.5, Number.NaN])('in the limit is refused: %d', async (limit) => {
    await expect(
      searchNumbers({ ctx, input: { filters: { environment: 'live' }, limit } }),
    ).rejects.toMatchObject({
      code: 'invalid_input',
      details: { field: 'limit' },
    });
  });

  it.each([
    { country: 'ZZ' },
    { countries: [] },
    { regionId: 1_000_000 },
    { cityId: Number.MAX_SAFE_INTEGER },
    { groupId: -1 },
    { country: 'US', startsWith: '999' },
    { country: 'US', exclude: ['1'] },
    { pattern: '0*' },
  ])('that names nothing there is finds nothing: %j', async (filters) => {
    const page = await searchNumbers({
      ctx,
      input: { filters: { environment: 'live', ...filters }, limit: 5 },
    });
    expect(page).toEqual({ numbers: [], nextCursor: null });
  });

  it('of any kind never fails otherwise', async () => {
    const text = fc.oneof(fc.string({ maxLength: 40 }), fc.stringMatching(/^[+\d?*A-Za-z]{0,20}$/));
    await fc.assert(
      fc.asyncProperty(
        fc.record({ startsWith: text, contains: text, endsWith: text, pattern: text }, { requiredKeys: [] }),
        async (filters) => {
          await searchNumbers({
            ctx,
            input: { filters: { environment: 'live', ...filters }, limit: 5 },
          }).catch((error: unknown) => expect(error).toMatchObject({ code: 'invalid_input' }));
        },
      ),
    );
  });
});

describe('a found number', () => {
  it('tells its group, place, type and features', async () => {
    const known = stock.find((number) => fits(number, { environment: 'test', country: 'US', type: 'local' }));
    const digits = String(digitsOf(known?.id ?? 0));
    const page = await searchNumbers({
      ctx,
      input: { filters: { environment: 'test', pattern: digits }, limit: 5 },
    });
    expect(page.numbers).toEqual([
      {
        id: numberIdOf(Number(digits), 'test'),
        groupId: known?.groupId,
        country: 'US',
        regionId: known?.regionId,
        cityId: known?.cityId,
        type: 'local',
        features: featureNames.filter((name) => ((known?.features ?? 0) & featureMask([name])) !== 0),
        hasOwnPrice: false,
      },
    ]);
    expect(countryNo('US')).toBe(538);
  });
});
