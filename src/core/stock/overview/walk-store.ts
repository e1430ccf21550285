import type { Sql } from '../../../database/connection.js';
import type { RentalState } from '../../number-life.js';
import { digitsCondition, offsetOf, placeConditions, Statement } from '../search/index.js';
import type { Range, Scope } from '../search/index.js';
import type { StockState } from './state.js';
import type { StockFilters } from './stock-filters.js';

/**
 * The SQL of the operator's list: a walk along one index, which looks at a bounded number of entries for each page,
 * whatever the filters let through.
 */

/** An entry of the walk; `key` orders it. The entry that `stops` is the last that was looked at. */
export interface WalkedEntry {
  readonly id: number;
  readonly key: number;
  readonly fits: boolean;
  readonly stops: boolean;
}

/** Which index is walked: its entries' order and number, and what else its rows have to pass. */
interface Walk {
  readonly from: string;
  readonly key: string;
  readonly number: string;
  readonly where: string;
}

/** The next numbers behind `after` that fit; one with `stops` says that looking ended there unfinished. */
export async function walkStock(
  sql: Sql,
  scope: Scope,
  filters: StockFilters,
  page: {
    readonly ranges: readonly Range[];
    readonly after: number;
    readonly limit: number;
    /** Entries of the index that the statement looks at, at most. */
    readonly looks: number;
  },
): Promise<WalkedEntry[]> {
  const statement = new Statement();
  const walk = walkOf(filters, statement);
  const looks = statement.bind(page.looks);
  const looked = isByHolder(filters)
    ? `select ${walk.key} as key, ${walk.number} as id from ${walk.from} w
       where ${walk.where} and ${walk.key} > ${statement.bind(page.after)}::bigint
       order by ${walk.key} limit ${looks}`
    : `select w.key, w.id from (
         select u.* from unnest(${rangeArrays(scope, page.ranges, statement)}) with ordinality u (lo, hi, place)
         order by u.place) range
       cross join lateral (
         select ${walk.key} as key, ${walk.number} as id from ${walk.from} w
         where ${walk.where} and ${walk.number} between range.lo and range.hi
         order by ${walk.number} limit ${looks}) w
       order by range.place, w.key limit ${looks}`;
  const rows = rowConditions(scope, filters, statement);
  return statement.run<WalkedEntry>(
    sql,
    `select * from (
       select met.id, met.key, n.fits, met.nth = ${looks}::int as stops
       from (select looked.*, row_number() over () as nth from (${looked}) looked) met
       cross join lateral (select ${rows} as fits from number n where n.id = met.id limit 1) n) walked
     where fits or stops limit ${statement.bind(page.limit)}`,
  );
}

/** A holder's numbers come in order of their rentals or holds, all others in order of the numbers. */
export function isByHolder({ holder }: StockFilters): boolean {
  return holder !== undefined;
}

function walkOf({ state, holder, ownPriceIn }: StockFilters, statement: Statement): Walk {
  const byNumber = { key: 'w.number_id', number: 'w.number_id' };
  if (holder) {
    const mine = `w.account_id = ${statement.bind(holder.id)}::bigint`;
    const byRow = { key: 'w.id', number: 'w.number_id' };
    return state === 'held'
      ? { ...byRow, from: 'reservation', where: `${mine} and w.state = 'active'` }
      : { ...byRow, from: 'rental', where: `${mine} and w.ended_at is null` };
  }
  switch (state) {
    case 'held':
      return { ...byNumber, from: 'reservation', where: `w.state = 'active'` };
    case 'rented':
      return { ...byNumber, from: 'rental', where: 'w.ended_at is null' };
    case 'awaiting_registration':
    case 'suspended':
    case 'pending_release':
      return { ...byNumber, from: 'rental', where: `w.state = '${state}'` };
    case 'quarantined':
    case 'withdrawn':
      return { key: 'w.id', number: 'w.id', from: 'number', where: `w.status = '${state.charAt(0)}'` };
    default:
      if (ownPriceIn === undefined) return { key: 'w.id', number: 'w.id', from: 'number', where: 'true' };
      return { ...byNumber, from: 'number_price', where: `w.currency = ${statement.bind(ownPriceIn)}` };
  }
}

/** The rental's word for the states of a rented number. */
const rentalStates: Readonly<Partial<Record<StockState, RentalState>>> = {
  rented: 'active',
  awaiting_registration: 'awaiting_registration',
  suspended: 'suspended',
  pending_release: 'pending_release',
};

/** What a number's row has to pass, whichever index led to it. */
function rowConditions(scope: Scope, filters: StockFilters, statement: Statement): string {
  const { state, ownPriceIn, recurringMinorMax } = filters;
  const now = () => `${statement.bind(scope.now)}::timestamptz`;
  const parts = [digitsCondition(scope, statement), environmentCondition(scope, statement)];
  parts.push(scope.country.no === -1 ? featuresAndType(scope, statement) : placeConditions(scope, statement));
  if (state === 'in_stock')
    parts.push(`n.status = 's' and (n.held_until is null or n.held_until <= ${now()})`);
  if (state === 'held') parts.push(`n.status = 's' and n.held_until > ${now()}`);
  if (state === 'quarantined' || state === 'withdrawn') parts.push(`n.status = '${state.charAt(0)}'`);
  const rentalState = state === undefined ? undefined : rentalStates[state];
  if (rentalState !== undefined) {
    parts.push(`n.status = 'r' and exists (
      select 1 from rental r where r.number_id = n.id and r.ended_at is null and r.state = '${rentalState}')`);
  }
  if (ownPriceIn !== undefined) {
    const most =
      recurringMinorMax === undefined ? 'true' : `p.recurring_minor <= ${statement.bind(recurringMinorMax)}`;
    parts.push(`n.has_own_price and exists (
      select 1 from number_price p
      where p.number_id = n.id and p.currency = ${statement.bind(ownPriceIn)} and ${most})`);
  }
  return parts.join(' and ');
}

function environmentCondition({ filters }: Scope, statement: Statement): string {
  return `environment_of_number(n.id) = ${statement.bind(filters.environment)}::environment`;
}

function featuresAndType({ filters: { type, featureMask } }: Scope, statement: Statement): string {
  const parts = ['true'];
  if (type !== null) parts.push(`n.type is not distinct from ${statement.bind(type)}::"char"`);
  if (featureMask !== 0) {
    parts.push(`n.features & ${statement.bind(featureMask)} = ${statement.bind(featureMask)}`);
  }
  return parts.join(' and ');
}

function rangeArrays(scope: Scope, ranges: readonly Range[], statement: Statement): string {
  const offset = offsetOf(scope);
  const lo = statement.bind(`{${ranges.map((range) => range.lo + offset).join()}}`);
  const hi = statement.bind(`{${ranges.map((range) => range.hi + offset).join()}}`);
  return `${lo}::text::bigint[], ${hi}::text::bigint[]`;
}
