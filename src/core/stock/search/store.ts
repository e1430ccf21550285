import type { Sql } from '../../../database/connection.js';
import type { Environment } from '../../context.js';
import { idRangeOf } from '../number-row.js';
import { digitsMax, digitsMin, type Range } from './digit-ranges.js';
import type { CleanFilters } from './filters.js';
import {
  columns,
  digitsCondition,
  digitsText,
  featuresSpan,
  offsetOf,
  probesInOrder,
  rowConditions,
  shelfConditions,
  shelves,
  shelvesInOrder,
  type ProbeBatch,
  type Scope,
  type ShelfPosition,
} from './fragments.js';
import { smallStockMax } from './plan.js';
import { Statement } from './statement.js';

/**
 * The SQL of search. Each text is written so that one index answers it: ranges come in as arrays, in order, and for
 * each the index is read from its beginning until the page is full. A joined list of ranges keeps its order through a
 * nested loop, so nothing is sorted and nothing behind the page is read.
 */

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

/** How long the numbers are that countries have in stock: nine looks into the index for each. */
export async function stockLengths(
  sql: Sql,
  countries: readonly number[],
  environment: Environment,
): Promise<Map<number, number[]>> {
  const statement = new Statement();
  const offset = `${statement.bind(idRangeOf(environment).first - 1)}::bigint`;
  const rows = await statement.run<{ no: number; lengths: number[] }>(
    sql,
    `select country.no, array_agg(length) as lengths
     from unnest(${statement.bind([...countries])}::smallint[]) country (no)
     cross join generate_series(${digitsMin}, ${digitsMax}) length
     where (
       select n.id from number n where n.status = 's' and n.country_no = country.no
         and n.id >= ${offset} + (10::numeric ^ (length - 1))::bigint order by n.id limit 1
       ) < ${offset} + (10::numeric ^ length)::bigint
     group by country.no`,
  );
  return new Map(rows.map(({ no, lengths }) => [no, lengths.sort((a, b) => a - b)]));
}

/** How much stock the shelves hold, counted up to smallStockMax + 1. */
export async function countShelves(sql: Sql, scope: Scope): Promise<number> {
  const statement = new Statement();
  const list = shelves(scope, statement);
  const conditions = shelfConditions(scope, statement);
  const { first, last } = idRangeOf(scope.filters.environment);
  const bounds = `n.id between ${statement.bind(first)}::bigint and ${statement.bind(last)}::bigint`;
  const most = smallStockMax + 1;
  const [row] = await statement.run<{ size: number }>(
    sql,
    `with recursive ${list}
     select count(*)::int as size from (
       select 1 from shelf cross join lateral (
         select 1 from number n where ${conditions.number} and ${bounds} limit ${most}) one
       where ${conditions.shelf} limit ${most}) counted`,
  );
  return row?.size ?? 0;
}

/** The next numbers of a place, shelf by shelf, each in ascending order. */
export async function numbersOnShelves(
  sql: Sql,
  scope: Scope,
  input: {
    ranges: readonly Range[];
    after: ShelfPosition | undefined;
    limit: number;
    looksThrough: boolean;
  },
): Promise<SeenRow[]> {
  const statement = new Statement();
  const list = shelves(scope, statement);
  const conditions = shelfConditions(scope, statement);
  const rows = rowConditions(scope, statement);
  const limit = statement.bind(input.limit);
  // Looking through, only the index is read; a row that fits so far is then fetched by its id.
  const found = !input.looksThrough
    ? `select ${columns}, true as fits, false as stops
         from number n where ${conditions.number} and n.id between shelf.lo and shelf.hi and ${rows}
         order by n.id limit ${limit}`
    : `select n.*, met.stops from (
           select * from (
             select n.id, ${digitsCondition(scope, statement)} as fits, row_number() over (order by n.id) = ${lookMax} as stops
             from number n where ${conditions.number} and n.id between shelf.lo and shelf.hi
             order by n.id limit ${lookMax}) looked
           where fits or stops order by id) met
         cross join lateral (
           select ${columns}, met.fits and ${rows} as fits from number n where n.id = met.id limit 1) n
         where n.fits or met.stops order by met.id limit ${limit}`;
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

/** The numbers that probes find, in the order of the probes. */
export async function numbersByDigits(
  sql: Sql,
  scope: Scope,
  { batch, limit }: { batch: ProbeBatch; limit: number },
): Promise<NumberRow[]> {
  const statement = new Statement();
  const most = statement.bind(limit);
  const offset = `${statement.bind(offsetOf(scope))}::bigint`;
  const key = batch.index === 'forward' ? 'n.id' : 'reversed_digits(n.id)';
  const stock = `n.status = 's' and n.country_no = ${statement.bind(scope.country.no)} and ${key} between probe.lo and probe.hi`;
  const digits = `${digitsCondition(scope, statement)} and (probe.seen = '' or ${digitsText(scope)} !~ probe.seen)`;
  const rows = rowConditions(scope, statement);
  // From the left the index itself holds the digits; a row that fits so far is then fetched by its id.
  const found =
    batch.index === 'forward' && !scope.conditions.rangesSuffice
      ? `select ${columns} from (select n.id from number n where ${stock} and ${digits} order by n.id) met
         cross join lateral (select * from number n where n.id = met.id and ${rows} limit 1) n order by met.id limit ${most}`
      : `select ${columns} from number n where ${stock} and ${digits} and ${rows} order by ${key} limit ${most}`;
  return statement.run<NumberRow>(
    sql,
    `select n.*, ${key} - ${offset} as key, probe.section
     from (${probesInOrder(scope, batch, statement)}) probe
     cross join lateral (${found}) n
     order by probe.place, key limit ${most}`,
  );
}
