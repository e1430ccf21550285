import type { Sql } from '../../../database/connection.js';
import {
  columns,
  digitsCondition,
  digitsText,
  offsetOf,
  placeConditions,
  probesInOrder,
  rowConditions,
  shelfConditions,
  shelves,
  shelvesInOrder,
  stockOfPlace,
  type ProbeBatch,
  type Scope,
} from './fragments.js';
import { isOneShelfPlace, type Plan } from './plan.js';
import type { ProbeStep } from './probes.js';
import { Statement } from './statement.js';
import type { NumberRow } from './store.js';

/** The SQL of totals and numbered pages, which read all that fits rather than the first page of it. */

/** How many numbers fit, holds left out. */
export async function countFitting(sql: Sql, scope: Scope, plan: Plan): Promise<number> {
  const statement = new Statement();
  // Where the index holds all that is asked, it is counted without the rows; the few on hold are counted for themselves.
  const indexSuffices = plan.kind === 'digits' ? isPlain(scope) : isOneShelfPlace(scope.filters);
  const { list, ids } = fittingIds(scope, plan, statement, {
    rows: indexSuffices ? 'true' : rowConditions(scope, statement),
    each: 'offset 0',
  });
  const held = indexSuffices ? `(${heldNumbers(scope, plan, statement)})` : '0';
  const [row] = await statement.run<{ total: number }>(
    sql,
    `with recursive ${list} select (select count(*) from (${ids}) fitting)::int - ${held} as total`,
  );
  return row?.total ?? 0;
}

/** The first ids that fit, in ascending order. */
export async function firstIds(sql: Sql, scope: Scope, plan: Plan, limit: number): Promise<number[]> {
  const statement = new Statement();
  const most = statement.bind(limit);
  const rows = rowConditions(scope, statement);
  const { list, ids } = fittingIds(scope, plan, statement, { rows, each: `order by n.id limit ${most}` });
  const found = await statement.run<{ id: number }>(
    sql,
    `with recursive ${list} select id from (${ids}) fitting order by id limit ${most}`,
  );
  return found.map(({ id }) => id);
}

/** A stretch of what fits in one country or, without one, everywhere; by an ordered walk over the ids. */
export async function idsInOrder(
  sql: Sql,
  scope: Scope,
  { anyCountry, offset, limit }: { anyCountry: boolean; offset: number; limit: number },
): Promise<number[]> {
  const statement = new Statement();
  const last = statement.bind(offset + limit);
  const { lo, hi } = idBounds(scope, statement);
  const country = anyCountry ? '' : `and n.country_no = ${statement.bind(scope.country.no)}`;
  const rows = await statement.run<{ id: number }>(
    sql,
    `select n.id from (
       select * from unnest(${lo}, ${hi}) with ordinality u (lo, hi, place) order by u.place) range
     cross join lateral (
       select n.id from number n where n.status = 's' ${country} and n.id between range.lo and range.hi
         and (n.held_until is null or n.held_until <= ${statement.bind(scope.now)}) and ${digitsCondition(scope, statement)}
       order by n.id limit ${last}) n
     order by range.place, n.id limit ${statement.bind(limit)} offset ${statement.bind(offset)}`,
  );
  return rows.map(({ id }) => id);
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

function isPlain({ conditions, filters }: Scope): boolean {
  return (
    conditions.rangesSuffice &&
    filters.groupId === null &&
    filters.cityId === null &&
    filters.regionId === null
  );
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

/** Numbers in stock that are on hold, by their reservations: `numex verify` checks that the two agree. */
function heldNumbers(scope: Scope, plan: Plan, statement: Statement): string {
  const { lo, hi } = idBounds(scope, statement);
  const stock = plan.kind === 'shelves' ? stockOfPlace(scope, statement) : `n.status = 's'`;
  return `select count(*)::int from reservation r join number n on n.id = r.number_id
    where r.state = 'active' and n.held_until > ${statement.bind(scope.now)} and ${stock}
      and exists (select from unnest(${lo}, ${hi}) u (lo, hi) where n.id between u.lo and u.hi)
      and ${digitsCondition(scope, statement)} and ${placeConditions(scope, statement)}`;
}

function idBounds(scope: Scope, statement: Statement): { lo: string; hi: string } {
  const offset = offsetOf(scope);
  const array = (bound: 'lo' | 'hi'): string => {
    const ids = scope.conditions.ranges.map((range) => range[bound] + offset);
    return `${statement.bind(`{${ids.join()}}`)}::text::bigint[]`;
  };
  return { lo: array('lo'), hi: array('hi') };
}
