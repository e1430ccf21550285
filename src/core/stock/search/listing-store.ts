import type { Sql } from '../../../database/connection.js';
import { holdIsOverText } from '../../number-life-store.js';
import {
  columns,
  digitsCondition,
  digitsText,
  isFree,
  offsetOf,
  probesInOrder,
  rowConditions,
  shelfConditions,
  shelves,
  shelvesInOrder,
  type ProbeBatch,
  type Scope,
} from './fragments.js';
import type { Plan } from './plan.js';
import type { ProbeStep } from './probes.js';
import { Statement } from './statement.js';
import type { NumberRow } from './store.js';

/** The SQL of counted totals and of numbered pages. */

/** Numbers looked at for one total, or for one page of a walk, at most. */
const looksMax = { total: 20_000, page: 40_000 };

export interface FittingCount {
  readonly total: number;
  /** False when counting ended at a bound: then there may be more. */
  readonly isExact: boolean;
}

/** How many numbers of a country fit, holds left out, counted up to `most`. */
export async function countFitting(sql: Sql, scope: Scope, plan: Plan, most: number): Promise<FittingCount> {
  const statement = new Statement();
  const { list, ids } = idsToLookAt(scope, plan, statement);
  const rows = rowConditions(scope, statement);
  return countMet(sql, scope, statement, { list, ids, rows, most });
}

/** The same for several countries at once, of whose numbers nothing but digits is asked. */
export async function countAcross(sql: Sql, scopes: readonly Scope[], most: number): Promise<FittingCount> {
  const [scope] = scopes;
  if (!scope) return { total: 0, isExact: true };
  const statement = new Statement();
  const { lo, hi } = idBounds(scope, statement);
  const countries = statement.bind(`{${scopes.map(({ country }) => country.no).join()}}`);
  const ids = `select n.id, '' as seen
    from unnest(${countries}::text::smallint[]) country (no) cross join unnest(${lo}, ${hi}) range (lo, hi)
    cross join lateral (
      select n.id from number n
      where n.status = 's' and n.country_no = country.no and n.id between range.lo and range.hi offset 0) n`;
  return countMet(sql, scope, statement, {
    list: 'unused as (select)',
    ids,
    rows: isFree(scope, statement),
    most,
  });
}

/** Counts what fits among the ids met, as far as the bounds let it. */
async function countMet(
  sql: Sql,
  scope: Scope,
  statement: Statement,
  { list, ids, rows, most }: { list: string; ids: string; rows: string; most: number },
): Promise<FittingCount> {
  const looks = statement.bind(looksMax.total);
  const limit = statement.bind(most);
  // Only hits are fetched as rows; the look that ends the count unfinished is kept as well, to tell.
  const [row] = await statement.run<FittingCount>(
    sql,
    `with recursive ${list}
     select count(*) filter (where hit.fits and free.is)::int as total,
       not coalesce(bool_or(hit.nth = ${looks}), false) and count(*) < ${limit} as "isExact"
     from (
       select * from (
         select n.id, n.nth, ${digitsCondition(scope, statement)}
           and (n.seen = '' or ${digitsText(scope)} !~ n.seen) as fits
         from (select met.id, met.seen, row_number() over () as nth from (${ids}) met limit ${looks}) n) looked
       where fits or nth = ${looks} limit ${limit}) hit
     cross join lateral (select ${rows} as is from number n where n.id = hit.id limit 1) free`,
  );
  return row ?? { total: 0, isExact: true };
}

/** The first ids that fit, in ascending order. */
export async function firstIds(sql: Sql, scope: Scope, plan: Plan, limit: number): Promise<number[]> {
  const statement = new Statement();
  const most = statement.bind(limit);
  const rows = rowConditions(scope, statement);
  const { list, ids } = fittingIds(scope, plan, statement, { rows, each: `order by n.id limit ${most}` });
  return idsFrom(
    sql,
    statement,
    `with recursive ${list} select id from (${ids}) fitting order by id limit ${most}`,
  );
}

/** A stretch of what fits, in one country or everywhere. */
interface Stretch {
  readonly anyCountry: boolean;
  readonly offset: number;
  readonly limit: number;
}

/** A stretch of what fits, by an ordered walk over the ids. */
export async function idsInOrder(sql: Sql, scope: Scope, stretch: Stretch): Promise<number[]> {
  const statement = new Statement();
  const last = statement.bind(stretch.offset + stretch.limit);
  const each = `and ${holdIsOverText('n', statement.bind(scope.now))} and ${digitsCondition(scope, statement)}
    order by n.id limit ${last}`;
  return idsFrom(
    sql,
    statement,
    `select n.id from ${rangesInOrder(scope, statement, stretch, each)}
     order by range.place, n.id ${stretchOf(stretch, statement)}`,
  );
}

/**
 * The same stretch where what fits is met often, looking at a bounded number of ids; shorter than `limit` when they did
 * not suffice. Nested loops keep the order of the ranges and of the index.
 */
export async function idsMetInOrder(sql: Sql, scope: Scope, stretch: Stretch): Promise<number[]> {
  const statement = new Statement();
  return idsFrom(
    sql,
    statement,
    `select n.id from (
       select n.id from ${rangesInOrder(scope, statement, stretch, 'order by n.id')}
       limit ${statement.bind(looksMax.page)}) n
     cross join lateral (
       select from number row where row.id = n.id
         and ${holdIsOverText('row', statement.bind(scope.now))} limit 1) free
     where ${digitsCondition(scope, statement)}
     ${stretchOf(stretch, statement)}`,
  );
}

async function idsFrom(sql: Sql, statement: Statement, text: string): Promise<number[]> {
  const rows = await statement.run<{ id: number }>(sql, text);
  return rows.map(({ id }) => id);
}

/** The source of a walk: the ranges of the digits asked for, in order, and the numbers `n` of each that `each` leaves. */
function rangesInOrder(scope: Scope, statement: Statement, { anyCountry }: Stretch, each: string): string {
  const { lo, hi } = idBounds(scope, statement);
  const country = anyCountry ? '' : `and n.country_no = ${statement.bind(scope.country.no)}`;
  return `(
      select * from unnest(${lo}, ${hi}) with ordinality u (lo, hi, place) order by u.place) range
    cross join lateral (
      select n.id from number n
      where n.status = 's' ${country} and n.id between range.lo and range.hi ${each}) n`;
}

function stretchOf({ offset, limit }: Stretch, statement: Statement): string {
  return `limit ${statement.bind(limit)} offset ${statement.bind(offset)}`;
}

export async function numbersById(
  sql: Sql,
  ids: readonly number[],
): Promise<Omit<NumberRow, 'key' | 'section'>[]> {
  const statement = new Statement();
  const list = statement.bind(`{${ids.join()}}`);
  return statement.run(
    sql,
    `select ${columns} from number n where n.id = any(${list}::text::bigint[]) order by n.id`,
  );
}

/** A query of the ids to which a plan leads, before anything else is asked of them; `seen` as probes have it. */
function idsToLookAt(scope: Scope, plan: Plan, statement: Statement): { list: string; ids: string } {
  if (plan.kind === 'shelves') {
    const conditions = shelfConditions(scope, statement);
    const ranges = shelvesInOrder(scope, statement, {
      ranges: plan.ranges,
      after: undefined,
      wanted: conditions.shelf,
    });
    const ids = `select n.id, '' as seen from (${ranges}) shelf cross join lateral (
      select n.id from number n where ${conditions.number} and n.id between shelf.lo and shelf.hi) n`;
    return { list: shelves(scope, statement), ids };
  }
  const ids = plan.steps.map((step) => {
    const key = step.index === 'forward' ? 'n.id' : 'reversed_digits(n.id)';
    return `select n.id, probe.seen from (${probesInOrder(scope, wholeBatch(step), statement)}) probe
      cross join lateral (
        select n.id from number n where n.status = 's' and n.country_no = ${statement.bind(scope.country.no)}
          and ${key} between probe.lo and probe.hi) n`;
  });
  return { list: 'unused as (select)', ids: ids.join(' union all ') };
}

/** A query of the ids that a plan leads to: those that pass `rows`, and of each range what `each` leaves. */
function fittingIds(
  scope: Scope,
  plan: Plan,
  statement: Statement,
  { rows, each }: { rows: string; each: string },
): { list: string; ids: string } {
  if (plan.kind === 'shelves') {
    const conditions = shelfConditions(scope, statement);
    const ranges = shelvesInOrder(scope, statement, {
      ranges: plan.ranges,
      after: undefined,
      wanted: conditions.shelf,
    });
    const ids = `select n.id from (${ranges}) shelf cross join lateral (
      select n.id from number n where ${conditions.number} and n.id between shelf.lo and shelf.hi
        and ${digitsCondition(scope, statement)} and ${rows} ${each}) n`;
    return { list: shelves(scope, statement), ids };
  }
  const ids = plan.steps.map((step) => {
    const key = step.index === 'forward' ? 'n.id' : 'reversed_digits(n.id)';
    return `select n.id from (${probesInOrder(scope, wholeBatch(step), statement)}) probe cross join lateral (
      select n.id from number n where n.status = 's' and n.country_no = ${statement.bind(scope.country.no)}
        and ${key} between probe.lo and probe.hi and ${digitsCondition(scope, statement)}
        and (probe.seen = '' or ${digitsText(scope)} !~ probe.seen) and ${rows} ${each}) n`;
  });
  return { list: 'unused as (select)', ids: ids.join(' union all ') };
}

function wholeBatch({ index, sections }: ProbeStep): ProbeBatch {
  const filled = sections.map((section) => ({ ...section, ranges: section.ranges() }));
  return { index, sections: filled.filter(({ ranges }) => ranges.length > 0) };
}

function idBounds(scope: Scope, statement: Statement): { lo: string; hi: string } {
  const offset = offsetOf(scope);
  const array = (bound: 'lo' | 'hi'): string => {
    const ids = scope.conditions.ranges.map((range) => range[bound] + offset);
    return `${statement.bind(`{${ids.join()}}`)}::text::bigint[]`;
  };
  return { lo: array('lo'), hi: array('hi') };
}
