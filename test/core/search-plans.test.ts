import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Context } from '../../src/core/context.js';
import { countryNo } from '../../src/core/stock/number-row.js';
import { searchNumbers } from '../../src/core/stock/search/index.js';
import type { NumberFilters } from '../../src/core/stock/search/index.js';
import type { Pool } from '../../src/database/connection.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { now } from './search-stock.js';

/** More stock than is looked through number by number: 60,000 British numbers in one city and two groups. */
const cityId = 61_000_000;
const regionId = 32_000;
const groupId = 61_000_000;

let database: TestDatabase;
let ids: number[];

beforeAll(async () => {
  database = await createTestDatabase();
  const { sql } = database;
  await sql`insert into country (code, name, calling_code) values ('GB', 'GB', '44') on conflict do nothing`;
  await sql`insert into region (id, country, code, name) values (${regionId}, 'GB', 'T', 'Test')`;
  await sql`insert into city (id, country, region_id, name) values (${cityId}, 'GB', ${regionId}, 'Test')`;
  for (const group of [groupId, groupId + 1]) {
    await sql`
      insert into number_group (id, public_id, country, type, region_id, city_id, location, prefix, dial_prefix, features,
        allow_number_selection)
      values (${group}, ${`test_${group}`}, 'GB', 'local', ${regionId}, ${cityId}, 'Test', '', '', 1, true)`;
  }
  await sql`
    insert into number (id, group_id, city_id, country_no, region_id, features, type, status)
    select 442000000000 + (i * 7919::bigint * 104729) % 1000000000, ${groupId} + i % 2, ${cityId},
      ${countryNo('GB')}, ${regionId}, case when i % 10 = 0 then 3 else 1 end, 'l',
      case when i % 4 = 0 then 'r' else 's' end::"char"
    from generate_series(1, 80000) i on conflict do nothing`;
  await sql`vacuum analyze number`;
  const rows = await sql<
    { id: number }[]
  >`select id from number where group_id >= ${groupId} and status = 's'`;
  ids = rows.map(({ id }) => id);
}, 60_000);

afterAll(async () => {
  await database.drop();
});

/** A pool that notes, for each statement of a search, the indexes and tables that its plan reads number by. */
function watched(sql: Pool, reads: Set<string>): Pool {
  const explain = async (text: string, values: never[]): Promise<void> => {
    const [row] = await sql.unsafe<{ 'QUERY PLAN': unknown }[]>(`explain (format json) ${text}`, values);
    const plan = JSON.stringify(row?.['QUERY PLAN']);
    for (const [, node = '', rest = ''] of plan.matchAll(
      /"Node Type":"([^"]+)"(?:,"[^"]+":(?:"[^"]*"|[^"{[]+))*?,"(?:Index Name|Relation Name)":"(number[^"]*)"/g,
    )) {
      reads.add(node === 'Seq Scan' ? 'all rows' : rest);
    }
  };
  return new Proxy(sql, {
    get: (target, name, receiver) =>
      name === 'unsafe'
        ? async (text: string, values: never[], options: never) => {
            await explain(text, values);
            return target.unsafe(text, values, options);
          }
        : (Reflect.get(target, name, receiver) as unknown),
  });
}

async function search(
  filters: Omit<NumberFilters, 'environment'>,
): Promise<{ found: number[]; reads: string[] }> {
  const reads = new Set<string>();
  const ctx: Context = {
    sql: watched(database.sql, reads),
    clock: { now: () => now },
    actor: { kind: 'system', name: 'test' },
    requestId: 'req_test',
  };
  const found: number[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < 3; page++) {
    const input = { filters: { environment: 'live' as const, ...filters }, limit: 100, cursor };
    const { numbers, nextCursor } = await searchNumbers({ ctx, input });
    found.push(...numbers.map(({ id }) => id));
    if (nextCursor === null) break;
    cursor = nextCursor;
  }
  return { found, reads: [...reads].sort() };
}

const country = 'number_in_stock_by_country';
const digits = 'number_in_stock_by_digits';
const reversed = 'number_in_stock_by_reversed_digits';
const byId = 'number_pkey';

describe('a search', () => {
  it.each<[Omit<NumberFilters, 'environment'>, string[], RegExp]>([
    [{ country: 'GB' }, [digits], /./],
    [{ country: 'GB', type: 'local' }, [country], /./],
    [{ country: 'GB', features: ['sms_in'] }, [country], /./],
    [{ regionId }, ['number_in_stock_by_region'], /./],
    [{ cityId }, ['number_in_stock_by_city'], /./],
    [{ groupId }, ['number_in_stock_by_group'], /./],
    [{ startsWith: '44201' }, [country, digits], /^44201/],
    [{ country: 'GB', exclude: ['4420', '4421', '4422'] }, [digits], /^442[3-9]/],
    [{ country: 'GB', endsWith: '77' }, [reversed], /77$/],
    [{ country: 'GB', contains: '482' }, [byId, digits, reversed], /482/],
    [{ country: 'GB', contains: '4821' }, [byId, digits, reversed], /4821/],
    [{ country: 'GB', contains: '1234567' }, [byId, digits, reversed], /1234567/],
    [{ country: 'GB', pattern: '442?5??7?1?3' }, [byId, digits], /^442.5..7.1.3$/],
    [{ country: 'GB', pattern: '2*48*7' }, [byId, country, digits, reversed], /^442.*48.*7$/],
    [{ cityId, contains: '48' }, [byId, 'number_in_stock_by_city', digits], /48/],
    [{ regionId, contains: '4821' }, [byId, digits, 'number_in_stock_by_region', reversed], /4821/],
  ])('for %j reads no other index than its own', async (filters, expected, regex) => {
    const { found, reads } = await search(filters);
    expect(expected).toEqual(expect.arrayContaining(reads));
    expect(reads.length).toBeGreaterThan(0);
    expect(new Set(found).size).toBe(found.length);
    if (filters.groupId !== undefined || filters.features) return;
    const fitting = ids.filter((id) => regex.test(String(id)));
    expect(found.length).toBe(Math.min(300, fitting.length));
    expect(fitting).toEqual(expect.arrayContaining(found));
  });

  it('of a place that has never had stock reads next to nothing', async () => {
    const { found } = await search({ regionId: regionId + 1, contains: '48' });
    expect(found).toEqual([]);
  });
});
