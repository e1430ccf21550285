import type { Sql } from '../../../database/connection.js';
import type { Environment } from '../../context.js';
import type { RentalState } from '../../number-life.js';
import { typeOfLetter } from '../number-row.js';
import { Statement } from '../search/index.js';
import type { CleanFilters } from '../search/index.js';
import type { StockRow } from './stock-number.js';

/** The SQL of numbers as the operator sees them. */

/** Rentals that are not simply active, counted one by one for one answer, at most. */
export const countedRentalsMax = 100_000;

/** These numbers with their renters and holders, in ascending order. */
export async function findStockRows(sql: Sql, ids: readonly number[]): Promise<StockRow[]> {
  if (ids.length === 0) return [];
  return sql<StockRow[]>`
    select n.id, g.public_id as "group", n.country_no as "countryNo", n.region_id as "regionId", n.city_id as "cityId",
           n.type, n.features, g.location, n.status::text as status, n.held_until as "heldUntil",
           n.rests_until as "restsUntil", a.public_id as account, a.name as "accountName", r.id as "rentalId",
           r.state as "rentalState", r.started_at as "startedAt", r.reclaim_until as "reclaimUntil",
           case when r.id is not null then jsonb_build_object(
             'currency', r.currency, 'setupMinor', r.setup_minor, 'recurringMinor', r.recurring_minor, 'cycle', r.cycle)
           end as "rentalPrice",
           case when n.has_own_price then (
             select jsonb_agg(jsonb_build_object('currency', p.currency, 'setupMinor', p.setup_minor,
               'recurringMinor', p.recurring_minor, 'cycle', p.cycle) order by p.currency)
             from number_price p where p.number_id = n.id)
           end as "ownPrices"
    from number n
    join number_group g on g.id = n.group_id
    left join rental r on r.number_id = n.id and r.ended_at is null and n.status = 'r'
    left join reservation h on h.id = n.reservation_id and n.status = 's'
    left join account a on a.id = coalesce(r.account_id, h.account_id)
    where n.id = any(${ids as number[]}::bigint[])
    order by n.id`;
}

/** Groups of a place, and prefixes of theirs, that make ranges; of a larger place only the country's code does. */
const placeMax = { groups: 300, prefixes: 500 };

/** The digits that numbers of a place or type can begin with; undefined where there are too many to list. */
export async function prefixesOfPlace(
  sql: Sql,
  { groupId, cityId, regionId, type }: CleanFilters,
  country: string | undefined,
): Promise<string[] | undefined> {
  const statement = new Statement();
  const parts = ['true'];
  if (country !== undefined) parts.push(`country = ${statement.bind(country)}`);
  if (groupId !== null) parts.push(`id = ${statement.bind(groupId)}::bigint`);
  if (cityId !== null) parts.push(`city_id = ${statement.bind(cityId)}::bigint`);
  if (regionId !== null) parts.push(`region_id = ${statement.bind(regionId)}::bigint`);
  if (type !== null) parts.push(`type = ${statement.bind(typeOfLetter(type))}::number_type`);
  if (country === undefined) return undefined;
  const rows = await statement.run<{ prefix: string; groups: number }>(
    sql,
    `with meant as materialized (
       select id, dial_prefix from number_group where ${parts.join(' and ')} limit ${placeMax.groups + 1})
     select prefix, (select count(*) from meant)::int as groups from (
       select dial_prefix as prefix from meant
       union
       select p.prefix from meant cross join lateral (
         select prefix from group_prefix p where p.group_id = meant.id limit ${placeMax.prefixes + 1}) p) known
     limit ${placeMax.prefixes + 1}`,
  );
  const isTooMany = rows.length > placeMax.prefixes || (rows[0]?.groups ?? 0) > placeMax.groups;
  return isTooMany ? undefined : rows.map(({ prefix }) => prefix);
}

/** By what the numbers are counted; everything together without it. */
export type CountKey = 'country' | 'type' | 'region' | 'group';

export interface CountFilters {
  readonly environment: Environment;
  readonly country?: string | undefined;
  readonly regionId?: number | undefined;
  readonly groupId?: number | undefined;
  readonly type?: string | undefined;
}

/** Numbers of a group in a state; the states are the letters of kept totals. */
export interface StateCount {
  readonly key: number;
  readonly name: string | null;
  readonly state: string;
  readonly numbers: number;
}

const keyOf = {
  country: '(ascii(g.country) - 65) * 26 + ascii(substr(g.country, 2)) - 65',
  type: `array_position('{local,mobile,tollfree,national,sharedcost,global}'::text[], g.type::text)`,
  region: 'coalesce(g.region_id, 0)',
  group: 'g.id',
  none: '0',
} as const;
const nameOf = {
  country: 'g.country',
  type: 'g.type::text',
  region: '(select code from region where id = g.region_id)',
  group: 'g.public_id',
  none: 'null::text',
} as const;

/** The page of keys behind `afterKey`, each with its counts by state, from kept totals. */
export async function countByState(
  sql: Sql,
  by: CountKey | undefined,
  filters: CountFilters,
  page: { readonly afterKey: number | undefined; readonly limit: number },
): Promise<StateCount[]> {
  const { environment, afterKey } = { ...filters, ...page };
  const key = sql.unsafe(keyOf[by ?? 'none']);
  const name = sql.unsafe(nameOf[by ?? 'none']);
  return sql<StateCount[]>`
    with counted as (
      select group_id, state, sum(numbers)::bigint as numbers
      from (
        select group_id, state, numbers from stock_shelf where environment = ${environment}::environment
        union all
        select group_id, state, change from stock_change where environment = ${environment}::environment) kept
      group by group_id, state having sum(numbers) <> 0
    ), keyed as (
      select ${key} as key, ${name} as name, c.state::text as state, c.numbers
      from counted c join number_group g on g.id = c.group_id
      where ${ofPlace(sql, filters)}
    ), page as (
      select distinct key from keyed
      where ${afterKey === undefined ? sql`true` : sql`key > ${afterKey}::int`}
      order by key limit ${page.limit}
    )
    select key::int as key, max(name) as name, state, sum(numbers)::bigint as numbers
    from keyed where key in (select key from page)
    group by key, state order by key, state`;
}

/** Rentals of those keys that are not simply active; fewer than there are when `looked` is countedRentalsMax. */
export async function countInactiveRentals(
  sql: Sql,
  by: CountKey | undefined,
  filters: CountFilters,
): Promise<(StateCount & { readonly state: RentalState; readonly looked: number })[]> {
  const key = sql.unsafe(keyOf[by ?? 'none']);
  return sql`
    with looked as materialized (
      select state, group_id, number_id from rental
      where state in ('awaiting_registration', 'suspended', 'pending_release') limit ${countedRentalsMax}
    ), counted as (
      select group_id, state, count(*) as numbers from looked
      where environment_of_number(number_id) = ${filters.environment}::environment group by 1, 2)
    select ${key}::int as key, c.state, sum(c.numbers)::bigint as numbers, (select count(*) from looked)::int as looked
    from counted c join number_group g on g.id = c.group_id
    where ${ofPlace(sql, filters)} group by 1, 2`;
}

function ofPlace(sql: Sql, { country, regionId, groupId, type }: CountFilters) {
  return sql`true
    ${country === undefined ? sql`` : sql`and g.country = ${country}`}
    ${regionId === undefined ? sql`` : sql`and g.region_id = ${regionId}::int`}
    ${groupId === undefined ? sql`` : sql`and g.id = ${groupId}::int`}
    ${type === undefined ? sql`` : sql`and g.type = ${type}::text::number_type`}`;
}
