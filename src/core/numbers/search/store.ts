import type { Sql } from '../../../database/connection.js';
import { idRangeOf, numberIdOf } from '../number-row.js';
import type { CountryScope, DigitConditions } from './conditions.js';
import { digitsMax, digitsMin, type Range } from './digit-ranges.js';
import type { CleanFilters } from './filters.js';
import { asLike } from './pattern.js';
import { smallStockMax, type LookThrough, type Survey } from './plan.js';
import type { ProbeStep } from './probes.js';
import { Statement } from './statement.js';

/**
 * The SQL of search. Each text is written so that one index answers it: ranges come in as arrays, in order, and for
 * each the index is read from its beginning until the page is full. A joined list of ranges keeps its order through a
 * nested loop, so nothing is sorted and nothing behind the page is read.
 */

/** What a search is about: one country, what is asked of its numbers, and the moment at which holds are judged. */
export interface Scope {
  readonly filters: CleanFilters;
  readonly country: CountryScope;
  readonly conditions: DigitConditions;
  readonly now: Date;
}

export interface NumberRow {
  readonly id: number;
  /** What orders rows within a section: the id or, from the right, the digits backwards; no environment in it. */
  readonly key: number;
  readonly section: number;
  readonly groupId: number;
  readonly cityId: number | null;
  readonly regionId: number | null;
  readonly countryNo: number;
  readonly type: string;
  readonly features: number;
  readonly hasOwnPrice: boolean;
}

/** A row met while looking through a shelf: whether it fits, and whether the look ended here unfinished. */
export interface SeenRow extends NumberRow {
  readonly fits: boolean;
  readonly stops: boolean;
}

/** Rows of one shelf looked at by one statement. */
const lookMax = 20_000;
/** A shelf's section: its type's letter, then its features. */
const featuresSpan = 65_536;

export function shelfOf(section: number): { type: string; features: number } {
  return { type: String.fromCharCode(Math.floor(section / featuresSpan)), features: section % featuresSpan };
}

const columns = `n.id, n.group_id as "groupId", n.city_id as "cityId", n.region_id as "regionId",
  n.country_no as "countryNo", n.type, n.features, n.has_own_price as "hasOwnPrice"`;

/** The calling codes of countries, by the code of the country. */
export async function callingCodes(
  sql: Sql,
  codes: readonly string[],
): Promise<{ code: string; callingCode: string }[]> {
  return sql<{ code: string; callingCode: string }[]>`
    select code, calling_code as "callingCode" from country where code = any(${[...codes]}::text[])`;
}

/** The countries that have anything in stock, in either environment: one step through the index for each. */
export async function stockedCountries(sql: Sql): Promise<number[]> {
  const rows = await new Statement().run<{ no: number }>(
    sql,
    `with recursive stocked (no) as (
       (select country_no from number where status = 's' order by country_no limit 1)
       union all
       select next.country_no from stocked cross join lateral (
         select country_no from number where status = 's' and country_no > stocked.no order by country_no limit 1) next
     )
     select no from stocked`,
  );
  return rows.map(({ no }) => no);
}

/** The country of the place that the filters name; undefined when there is no such place. */
export async function countryOfPlace(sql: Sql, filters: CleanFilters): Promise<string | undefined> {
  const { groupId, cityId, regionId } = filters;
  const [row] =
    groupId !== null
      ? await sql<{ country: string }[]>`select country from number_group where id = ${groupId}::bigint`
      : cityId !== null
        ? await sql<{ country: string }[]>`select country from city where id = ${cityId}::bigint`
        : await sql<{ country: string }[]>`select country from region where id = ${regionId}::bigint`;
  return row?.country;
}

/** The column of the index that a look through shelves follows. */
function place({ filters, country }: Scope): { column: string; value: number } {
  if (filters.groupId !== null) return { column: 'group_id', value: filters.groupId };
  if (filters.cityId !== null) return { column: 'city_id', value: filters.cityId };
  if (filters.regionId !== null) return { column: 'region_id', value: filters.regionId };
  return { column: 'country_no', value: country.no };
}

/** In the test environment a row's id is 10^15 above its digits. */
function digitsText({ filters }: Scope): string {
  return filters.environment === 'live' ? 'n.id::text' : '(n.id - 1000000000000000)::text';
}

function offsetOf({ filters }: Scope): number {
  return idRangeOf(filters.environment).first - 1;
}

const stockOfPlace = (scope: Scope, statement: Statement): string => {
  const { column, value } = place(scope);
  return `n.status = 's' and n.${column} = ${statement.bind(value)}::bigint`;
};

/**
 * The shelves of a place: the types and sets of features that its stock has, one step through the index for each. A
 * group's index has no shelves; it is one.
 */
function shelves(scope: Scope, statement: Statement): string {
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
function shelfConditions(scope: Scope, statement: Statement): { shelf: string; number: string } {
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
function rowConditions(scope: Scope, statement: Statement): string {
  const { filters, conditions, country } = scope;
  const bind = (value: unknown): string => statement.bind(value);
  const digits = digitsText(scope);
  const parts = [
    `(n.held_until is null or n.held_until <= ${bind(scope.now)})`,
    `n.country_no = ${bind(country.no)}`,
  ];
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
  for (const spellings of conditions.patterns) {
    parts.push(`(${spellings.map((pattern) => `${digits} like ${bind(asLike(pattern))}`).join(' or ')})`);
  }
  if (filters.exclude.length > 0) {
    parts.push(`${digits} not like all(${bind(filters.exclude.map((prefix) => `${prefix}%`))}::text[])`);
  }
  return parts.join(' and ');
}

/** How long the country's numbers are and, if asked, how much stock the shelves hold, up to a bound. */
export async function surveyStock(sql: Sql, scope: Scope, counts: boolean): Promise<Survey> {
  const statement = new Statement();
  const { first, last } = idRangeOf(scope.filters.environment);
  const offset = `${statement.bind(offsetOf(scope))}::bigint`;
  const lengths = `(
    select coalesce(array_agg(length), '{}') from generate_series(${digitsMin}, ${digitsMax}) length where exists (
      select from number n where n.status = 's' and n.country_no = ${statement.bind(scope.country.no)}
        and n.id between ${offset} + (10::numeric ^ (length - 1))::bigint and ${offset} + (10::numeric ^ length)::bigint - 1)
    ) as lengths`;
  if (!counts) {
    const [row] = await statement.run<{ lengths: number[] }>(sql, `select ${lengths}`);
    return { size: Infinity, lengths: row?.lengths ?? [] };
  }
  const list = shelves(scope, statement);
  const conditions = shelfConditions(scope, statement);
  const bounds = `n.id between ${statement.bind(first)}::bigint and ${statement.bind(last)}::bigint`;
  const most = smallStockMax + 1;
  const [row] = await statement.run<Survey>(
    sql,
    `with recursive ${list}
     select ${lengths}, (
       select count(*)::int from (
         select 1 from shelf cross join lateral (
           select 1 from number n where ${conditions.number} and ${bounds} limit ${most}) one
         where ${conditions.shelf} limit ${most}) counted) as size`,
  );
  return row ?? { size: 0, lengths: [] };
}

/** Ranges of digits as two arrays of ids. Written out here: the driver's way costs more than the probes themselves. */
function asIds(scope: Scope, ranges: readonly Range[], statement: Statement): string {
  const offset = offsetOf(scope);
  const lo = statement.bind(`{${ranges.map((range) => range.lo + offset).join()}}`);
  const hi = statement.bind(`{${ranges.map((range) => range.hi + offset).join()}}`);
  return `${lo}::text::bigint[], ${hi}::text::bigint[]`;
}

export interface ShelfPosition {
  readonly section: number;
  readonly key: number;
}

/** The next numbers of a place, shelf by shelf, each in ascending order. */
export async function numbersOnShelves(
  sql: Sql,
  scope: Scope,
  input: {
    ranges: readonly Range[];
    after: ShelfPosition | undefined;
    limit: number;
    lookThrough: LookThrough;
  },
): Promise<SeenRow[]> {
  const statement = new Statement();
  const list = shelves(scope, statement);
  const conditions = shelfConditions(scope, statement);
  const rows = rowConditions(scope, statement);
  const limit = statement.bind(input.limit);
  const found =
    input.lookThrough === 'much'
      ? `select * from (
           select ${columns}, ${rows} as fits, row_number() over (order by n.id) = ${lookMax} as stops
           from number n where ${conditions.number} and n.id between shelf.lo and shelf.hi order by n.id limit ${lookMax}) met
         where fits or stops order by id limit ${limit}`
      : `select ${columns}, true as fits, false as stops
         from number n where ${conditions.number} and n.id between shelf.lo and shelf.hi and ${rows}
         order by n.id limit ${limit}`;
  return statement.run<SeenRow>(
    sql,
    `with recursive ${list}
     select hit.*, hit.id - ${statement.bind(offsetOf(scope))}::bigint as key,
       ascii(shelf.type::text) * ${featuresSpan} + shelf.features as section
     from (${shelvesInOrder(scope, statement, { ...input, wanted: conditions.shelf })}) shelf
     cross join lateral (${found}) hit
     order by shelf.type, shelf.features, shelf.place, hit.id limit ${limit}`,
  );
}

/** Shelves times ranges, from the position on. */
function shelvesInOrder(
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

function keyOf(index: ProbeStep['index']): string {
  return index === 'forward' ? 'n.id' : 'reversed_digits(n.id)';
}

/** The part of a statement that goes through probes of one index. What a section's probes share is sent once. */
function probed(scope: Scope, step: ProbeStep, statement: Statement): { probes: string; numbers: string } {
  const key = keyOf(step.index);
  const starts = step.probes.flatMap((probe, i) => (i > 0 && probe.section === step.probes[i - 1]?.section ? [] : [i]));
  const sections = starts.map((start) => step.probes[start]?.section);
  const seen = starts.map((start) => step.probes[start]?.seen);
  const own = `[width_bucket(u.place, ${statement.bind(starts.map((start) => start + 1))}::bigint[])]`;
  return {
    probes: `select u.*, (${statement.bind(sections)}::int[])${own} as section, (${statement.bind(seen)}::text[])${own} as seen
      from unnest(${asIds(scope, step.probes, statement)}) with ordinality u (lo, hi, place) order by u.place`,
    numbers: `number n where n.status = 's' and n.country_no = ${statement.bind(scope.country.no)}
      and ${key} between probe.lo and probe.hi and ${rowConditions(scope, statement)}
      and (probe.seen = '' or ${digitsText(scope)} !~ probe.seen)`,
  };
}

/** The numbers that probes find, in the order of the probes. */
export async function numbersByDigits(
  sql: Sql,
  scope: Scope,
  { step, limit }: { step: ProbeStep; limit: number },
): Promise<NumberRow[]> {
  const statement = new Statement();
  const key = keyOf(step.index);
  const { probes, numbers } = probed(scope, step, statement);
  const most = statement.bind(limit);
  return statement.run<NumberRow>(
    sql,
    `select hit.*, probe.section
     from (${probes}) probe
     cross join lateral (
       select ${columns}, ${key} - ${statement.bind(offsetOf(scope))}::bigint as key
       from ${numbers} order by ${key} limit ${most}) hit
     order by probe.place, hit.key limit ${most}`,
  );
}
