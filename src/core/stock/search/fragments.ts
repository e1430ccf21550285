import { holdIsOverText } from '../../number-life-store.js';
import { idRangeOf, numberIdOf } from '../number-row.js';
import type { CountryScope, DigitConditions } from './conditions.js';
import type { Range } from './digit-ranges.js';
import type { CleanFilters } from './filters.js';
import { asLike } from './pattern.js';
import type { ProbeStep } from './probes.js';
import type { Statement } from './statement.js';

/** Parts of the SQL of search that several of its statements share. */

/** What a search is about: one country, what is asked of its numbers, and the moment at which holds are judged. */
export interface Scope {
  readonly filters: CleanFilters;
  readonly country: CountryScope;
  readonly conditions: DigitConditions;
  readonly now: Date;
}

export const columns = `n.id, n.group_id as "groupId", n.city_id as "cityId", n.region_id as "regionId",
  n.country_no as "countryNo", n.type, n.features, n.has_own_price as "hasOwnPrice"`;

/** A shelf's section: its type's letter, then its features. */
export const featuresSpan = 65_536;

export function shelfOf(section: number): { type: string; features: number } {
  return { type: String.fromCharCode(Math.floor(section / featuresSpan)), features: section % featuresSpan };
}

/** The column of the index that a look through shelves follows. */
export function place({ filters, country }: Scope): { column: string; value: number } {
  if (filters.groupId !== null) return { column: 'group_id', value: filters.groupId };
  if (filters.cityId !== null) return { column: 'city_id', value: filters.cityId };
  if (filters.regionId !== null) return { column: 'region_id', value: filters.regionId };
  return { column: 'country_no', value: country.no };
}

/** In the test environment a row's id is 10^15 above its digits. */
export function digitsText({ filters }: Scope): string {
  return filters.environment === 'live' ? 'n.id::text' : '(n.id - 1000000000000000)::text';
}

export function offsetOf({ filters }: Scope): number {
  return idRangeOf(filters.environment).first - 1;
}

export const stockOfPlace = (scope: Scope, statement: Statement): string => {
  const { column, value } = place(scope);
  return `n.status = 's' and n.${column} = ${statement.bind(value)}::bigint`;
};

/**
 * The shelves of a place: the types and sets of features that its stock has, one step through the index for each. A
 * group's index has no shelves; it is one.
 */
export function shelves(scope: Scope, statement: Statement): string {
  if (scope.filters.groupId !== null) {
    return `shelf (type, features) as (values ('-'::"char", 0::smallint))`;
  }
  const stock = stockOfPlace(scope, statement);
  return `shelf (type, features) as (
    (select n.type, n.features from number n where ${stock} order by n.type, n.features limit 1)
    union all
    select next.type, next.features from shelf cross join lateral (
      select n.type, n.features from number n where ${stock} and (n.type, n.features) > (shelf.type, shelf.features)
      order by n.type, n.features limit 1) next
  )`;
}

/** Which shelves the filters want, and what holds for the numbers on one. */
export function shelfConditions(scope: Scope, statement: Statement): { shelf: string; number: string } {
  const stock = stockOfPlace(scope, statement);
  if (scope.filters.groupId !== null) return { shelf: 'true', number: stock };
  const { type, featureMask } = scope.filters;
  const shelf = [
    ...(type === null ? [] : [`shelf.type = ${statement.bind(type)}::"char"`]),
    ...(featureMask === 0
      ? []
      : [`shelf.features & ${statement.bind(featureMask)} = ${statement.bind(featureMask)}`]),
  ];
  return {
    shelf: ['true', ...shelf].join(' and '),
    number: `${stock} and n.type = shelf.type and n.features = shelf.features`,
  };
}

/**
 * What every row has to pass, whichever index led to it. `is not distinct from` is an equality that no index answers, so
 * that the planner is not led to another index than the statement's own, once for every range.
 */
export function rowConditions(scope: Scope, statement: Statement): string {
  const free = holdIsOverText('n', statement.bind(scope.now));
  return `${free} and ${placeConditions(scope, statement)}`;
}

/** What every row has to pass, holds aside. */
export function placeConditions(scope: Scope, statement: Statement): string {
  const { filters, country } = scope;
  const bind = (value: unknown): string => statement.bind(value);
  const parts = [`n.country_no is not distinct from ${bind(country.no)}::smallint`];
  for (const [column, id] of Object.entries({
    group_id: filters.groupId,
    city_id: filters.cityId,
    region_id: filters.regionId,
  })) {
    if (id !== null) parts.push(`n.${column} is not distinct from ${bind(id)}::bigint`);
  }
  if (filters.type !== null) parts.push(`n.type is not distinct from ${bind(filters.type)}::"char"`);
  if (filters.featureMask !== 0)
    parts.push(`n.features & ${bind(filters.featureMask)} = ${bind(filters.featureMask)}`);
  return parts.join(' and ');
}

/** What a row's digits have to pass: all of it can be told from an index entry. */
export function digitsCondition(scope: Scope, statement: Statement): string {
  const digits = digitsText(scope);
  const parts = scope.conditions.patterns.map((spellings) =>
    spellings.map((pattern) => `${digits} like ${statement.bind(asLike(pattern))}`).join(' or '),
  );
  if (scope.filters.exclude.length > 0) {
    const prefixes = scope.filters.exclude.map((prefix) => `${prefix}%`);
    parts.push(`${digits} not like all(${statement.bind(prefixes)}::text[])`);
  }
  return ['true', ...parts.map((part) => `(${part})`)].join(' and ');
}

/** Ranges of digits as two arrays of ids. Written out here: the driver's way costs more than the probes themselves. */
export function asIds(scope: Scope, ranges: readonly Range[], statement: Statement): string {
  const offset = offsetOf(scope);
  const lo = statement.bind(`{${ranges.map((range) => range.lo + offset).join()}}`);
  const hi = statement.bind(`{${ranges.map((range) => range.hi + offset).join()}}`);
  return `${lo}::text::bigint[], ${hi}::text::bigint[]`;
}

export interface ShelfPosition {
  readonly section: number;
  readonly key: number;
}

/** Shelves times ranges, from the position on. */
export function shelvesInOrder(
  scope: Scope,
  statement: Statement,
  { ranges, after, wanted }: { ranges: readonly Range[]; after: ShelfPosition | undefined; wanted: string },
): string {
  const source = `shelf cross join unnest(${asIds(scope, ranges, statement)}) with ordinality r (lo, hi, place)`;
  const order = 'order by shelf.type, shelf.features, r.place';
  if (!after) return `select shelf.*, r.* from ${source} where ${wanted} ${order}`;
  const { type, features } = shelfOf(after.section);
  const position = `(${statement.bind(type)}::"char", ${statement.bind(features)}::smallint)`;
  const key = `${statement.bind(numberIdOf(after.key, scope.filters.environment))}::bigint`;
  return `select shelf.*, case when (shelf.type, shelf.features) = ${position} then greatest(r.lo, ${key} + 1) else r.lo end as lo,
      r.hi, r.place
    from ${source}
    where ${wanted} and (shelf.type, shelf.features) >= ${position}
      and ((shelf.type, shelf.features) > ${position} or r.hi > ${key}) ${order}`;
}

/** Sections of one index with the ranges that are left of them. */
export interface ProbeBatch {
  readonly index: ProbeStep['index'];
  readonly sections: { readonly section: number; readonly seen: string; readonly ranges: readonly Range[] }[];
}

/** The ranges of a batch in order. What the probes of a section share is sent once. */
export function probesInOrder(scope: Scope, { sections }: ProbeBatch, statement: Statement): string {
  let place = 1;
  const places = sections.map(({ ranges }) => (place += ranges.length) - ranges.length);
  const own = `[width_bucket(u.place, ${statement.bind(places)}::bigint[])]`;
  const numbers = statement.bind(sections.map(({ section }) => section));
  const seen = statement.bind(sections.map((section) => section.seen));
  const ids = asIds(
    scope,
    sections.flatMap(({ ranges }) => ranges),
    statement,
  );
  return `select u.*, (${numbers}::int[])${own} as section, (${seen}::text[])${own} as seen
    from unnest(${ids}) with ordinality u (lo, hi, place) order by u.place`;
}
