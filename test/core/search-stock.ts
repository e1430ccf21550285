import fc from 'fast-check';
import {
  countryNo,
  digitsOf,
  featureMask,
  featureNames,
  numberIdOf,
  numberTypes,
  typeLetter,
  type NumberType,
} from '../../src/core/stock/number-row.js';
import type { NumberFilters } from '../../src/core/stock/search/index.js';
import { phonewordToDigits } from '../../src/lib/e164.js';
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

/** A hold has a reservation, as it would have if somebody had reserved the number. */
async function reserveHeld(sql: Pool, stock: readonly StockedNumber[]): Promise<void> {
  const [account] = await sql<{ id: number }[]>`
    insert into account (public_id, environment, name, price_list_id, created_at)
    values ('MA_SEARCHTEST', 'live', 'Holder', 1, ${now}) returning id`;
  await sql`
    insert into reservation (id, number_id, account_id, payer_id, state, created_at, expires_at)
    select nextval('reservation_id_seq'), n.id, ${account?.id ?? 0}, ${account?.id ?? 0}, 'active', ${now}, n.held_until
    from number n where n.held_until is not null and n.id = any(${stock.map(({ id }) => id)}::bigint[])`;
  await sql`
    update number n set reservation_id = r.id from reservation r where r.number_id = n.id and n.held_until is not null`;
}

/** A hold in force, one that is over at this very instant, or none. */
function heldUntil({ id, held }: StockedNumber): Date | null {
  if (held) return new Date(now.getTime() + 60_000);
  return id % 20 === 0 ? now : null;
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
  }
  for (let start = 0; start < stock.length; start += 1000) {
    const rows = stock.slice(start, start + 1000).map((number) => ({
      id: number.id,
      group_id: number.groupId,
      city_id: number.cityId,
      country_no: countryNo(number.country),
      region_id: number.regionId,
      features: number.features,
      type: typeLetter(number.type),
      status: number.status,
      held_until: heldUntil(number),
    }));
    await sql`insert into number ${sql(rows)}`;
  }
  await reserveHeld(sql, stock);
  await sql`analyze number`;
}

const callingCodes: Record<string, string> = { US: '1', CA: '1', NL: '31', DE: '49' };

/** What the filters mean, number by number, without an index. */
export function fits(number: StockedNumber, filters: NumberFilters): boolean {
  const digits = String(digitsOf(number.id));
  const named = [filters.country, ...(filters.countries ?? [])].some((code) => code !== undefined);
  const short =
    named || [filters.groupId, filters.cityId, filters.regionId].some((id) => id !== undefined)
      ? digits.slice(callingCodes[number.country]?.length)
      : undefined;
  const spelled = (test: (text: string) => boolean): boolean =>
    test(digits) || (short !== undefined && test(short));
  const word = (text: string | undefined): string | undefined =>
    text && phonewordToDigits(text.replace(/^\+/, ''));
  const pattern = word(filters.pattern);
  const regex = pattern && new RegExp(`^${pattern.replaceAll('?', '.').replaceAll('*', '.*')}$`);
  const { startsWith, contains, endsWith } = filters;
  return (
    number.status === 's' &&
    !number.held &&
    number.id >= 1e15 === (filters.environment === 'test') &&
    (filters.country === undefined || number.country === filters.country) &&
    (filters.countries === undefined || filters.countries.includes(number.country)) &&
    (filters.regionId === undefined || number.regionId === filters.regionId) &&
    (filters.cityId === undefined || number.cityId === filters.cityId) &&
    (filters.groupId === undefined || number.groupId === filters.groupId) &&
    (filters.type === undefined || number.type === filters.type) &&
    (filters.features ?? []).every((name) => (number.features & featureMask([name])) !== 0) &&
    (startsWith === undefined || spelled((text) => text.startsWith(word(startsWith) ?? ''))) &&
    (contains === undefined || digits.includes(word(contains) ?? '')) &&
    (endsWith === undefined || digits.endsWith(word(endsWith) ?? '')) &&
    (!regex || spelled((text) => regex.test(text))) &&
    !(filters.exclude ?? []).some((prefix) => digits.startsWith(prefix.replace(/^\+/, '')))
  );
}

/** Filters cut from a number of the stock, so that most searches find something; some cannot find anything. */
export const filtersOf = (stock: readonly StockedNumber[]): fc.Arbitrary<NumberFilters> =>
  fc
    .record({
      number: fc.constantFrom(...stock),
      use: fc.record({
        environment: fc.constantFrom('live', 'test'),
        country: fc.constantFrom('own', 'own', 'none', 'listed', 'other'),
        place: fc.constantFrom('none', 'none', 'region', 'city', 'group', 'both'),
        type: fc.constantFrom('none', 'none', 'own', 'other'),
        digits: fc.subarray(['startsWith', 'contains', 'endsWith', 'pattern', 'exclude'], { maxLength: 3 }),
        national: fc.boolean(),
      }),
      features: fc.subarray(featureNames, { maxLength: 2 }),
      otherType: fc.constantFrom(...numberTypes),
      from: fc.nat(9),
      length: fc.integer({ min: 1, max: 8 }),
      wildcards: fc.array(fc.constantFrom('?', '*', '', '', ''), { minLength: 15, maxLength: 15 }),
      excluded: fc.array(fc.constantFrom('1', '12', '1205', '31', '316', '4930', '+1205550', '99'), {
        maxLength: 3,
      }),
    })
    .map(({ number, use, ...pick }) => {
      const digits = String(digitsOf(number.id));
      const tried = use.national ? digits.slice(callingCodes[number.country]?.length) : digits;
      const filters: NumberFilters = { environment: use.environment };
      if (use.country === 'own') filters.country = number.country;
      if (use.country === 'listed') filters.countries = [number.country, 'NL'];
      if (use.country === 'other') filters.country = 'DE';
      if (use.place === 'region' || use.place === 'both') filters.regionId = number.regionId ?? 30_000;
      if (use.place === 'city' || use.place === 'both') filters.cityId = number.cityId ?? 1;
      if (use.place === 'group') filters.groupId = number.groupId;
      if (use.type === 'own') filters.type = number.type;
      if (use.type === 'other') filters.type = pick.otherType;
      if (pick.features.length > 0) filters.features = pick.features;
      if (use.digits.includes('startsWith')) filters.startsWith = tried.slice(0, pick.length);
      if (use.digits.includes('contains'))
        filters.contains = digits.slice(pick.from, pick.from + pick.length) || '7';
      if (use.digits.includes('endsWith')) filters.endsWith = digits.slice(-pick.length);
      if (use.digits.includes('pattern')) {
        filters.pattern = tried
          .split('')
          .map((digit, index) => pick.wildcards[index] || digit)
          .join('');
      }
      if (use.digits.includes('exclude')) filters.exclude = pick.excluded;
      return filters;
    });
