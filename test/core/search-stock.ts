import { countryNo, numberIdOf, typeLetter, type NumberType } from '../../src/core/numbers/number-row.js';
import type { Pool } from '../../src/database/connection.js';

/** A few thousand made-up numbers in places of their own, in both environments, for tests of search. */

export const now = new Date('2026-03-04T09:30:00Z');

export interface StockedNumber {
  readonly id: number;
  readonly country: string;
  readonly regionId: number | null;
  readonly cityId: number | null;
  readonly groupId: number;
  readonly type: NumberType;
  readonly features: number;
  readonly status: string;
  readonly held: boolean;
}

const idFirst = 60_000_000;
const regionIdFirst = 31_000;

/** [country, type, region, city, leading digits, digits behind them, numbers, features] */
type Shelf = [string, NumberType, number | null, number | null, string, number, number, number];

const shelves: Shelf[] = [
  ['US', 'local', 1, 1, '1205550', 4, 300, 7],
  ['US', 'local', 1, 1, '1205551', 4, 200, 3],
  ['US', 'local', 1, 2, '1251', 7, 300, 7],
  ['US', 'local', 2, 3, '1907', 7, 300, 1],
  ['US', 'tollfree', null, null, '1800', 7, 200, 1],
  ['US', 'mobile', null, null, '1500', 7, 100, 31],
  ['CA', 'local', 3, 4, '1204', 7, 200, 7],
  ['NL', 'local', null, 5, '3120', 7, 150, 1],
  ['NL', 'mobile', null, null, '316', 8, 200, 31],
  ['DE', 'local', null, 6, '4930', 6, 100, 9],
  ['DE', 'local', null, 6, '4930', 8, 150, 9],
  ['DE', 'local', null, 7, '4989', 9, 100, 1],
  ['DE', 'mobile', null, null, '49151', 10, 100, 31],
];

const statuses = ['s', 's', 's', 's', 's', 's', 's', 'r', 'q', 'w'];

/** The same numbers each time: a small generator (xorshift) stands in for chance. */
export function makeStock(): StockedNumber[] {
  let state = 2_463_534_242;
  const next = (below: number): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
  const numbers = new Map<number, StockedNumber>();
  shelves.forEach(([country, type, region, city, lead, free, count, features], index) => {
    for (let i = 0; i < count; i++) {
      const digits = Number(lead + String(next(10 ** free)).padStart(free, '0'));
      const id = numberIdOf(digits, next(3) === 0 ? 'test' : 'live');
      numbers.set(id, {
        id,
        country,
        type,
        features: next(10) === 0 ? 1 : features,
        regionId: region === null ? null : regionIdFirst + region,
        cityId: city === null ? null : idFirst + city,
        groupId: idFirst + index,
        status: statuses[next(10)] ?? 's',
        held: next(20) === 0,
      });
    }
  });
  return [...numbers.values()];
}

/** Loads the numbers with their groups and places beside whatever the catalogue has. */
export async function loadStock(sql: Pool, stock: readonly StockedNumber[]): Promise<void> {
  for (const [code, callingCode] of Object.entries({ US: '1', CA: '1', NL: '31', DE: '49' })) {
    await sql`insert into country (code, name, calling_code) values (${code}, ${code}, ${callingCode})
              on conflict do nothing`;
  }
  for (const number of stock) {
    if (number.regionId !== null) {
      await sql`insert into region (id, country, code, name)
                values (${number.regionId}, ${number.country}, ${`T${number.regionId}`}, 'Test region')
                on conflict do nothing`;
    }
    if (number.cityId !== null) {
      await sql`insert into city (id, country, region_id, name)
                values (${number.cityId}, ${number.country}, ${number.regionId}, 'Test city') on conflict do nothing`;
    }
    await sql`
      insert into number_group (id, public_id, country, type, region_id, city_id, location, prefix, dial_prefix, features,
        allow_number_selection)
      values (${number.groupId}, ${`test_${number.groupId}`}, ${number.country}, ${number.type}, ${number.regionId},
        ${number.cityId}, 'Test', '', '', ${number.features}, true) on conflict do nothing`;
    await sql`
      insert into number (id, group_id, city_id, country_no, region_id, features, type, status, held_until)
      values (${number.id}, ${number.groupId}, ${number.cityId}, ${countryNo(number.country)}, ${number.regionId},
        ${number.features}, ${typeLetter(number.type)}, ${number.status},
        ${new Date(now.getTime() + (number.held ? 60_000 : 0))})`;
  }
  await sql`analyze number`;
}
