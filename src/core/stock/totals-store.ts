import type { Sql } from '../../database/connection.js';
import { countryNo } from './number-row.js';
import { Statement } from './search/statement.js';
import type { CleanFilters } from './search/filters.js';

/** The SQL of kept totals: counters per shelf, and the changes that no job has folded into them yet. */

/** Changes folded by one statement at most. */
export const changesFoldedMax = 10_000;
/** Holds past their end that no job has cleared yet, looked at for one total at most. */
const overdueHoldsMax = 1_000;

const shelfColumns = 'group_id, environment, country_no, region_id, city_id, type, features, state';

/** Numbers for sale that fit filters without digits; `holdsOverBy` is the instant up to which a hold counts as over. */
export async function sumShelves(sql: Sql, filters: CleanFilters, holdsOverBy: Date): Promise<number> {
  const statement = new Statement();
  const wanted = shelfFilters(filters, statement);
  const environment = `${statement.bind(filters.environment)}::environment`;
  const over = statement.bind(holdsOverBy);
  const [row] = await statement.run<{ total: number }>(
    sql,
    `select (
       (select coalesce(sum(n.numbers), 0) from stock_shelf n
          where n.environment = ${environment} and n.state = 's' and ${wanted})
       + (select coalesce(sum(n.change), 0) from stock_change n
          where n.environment = ${environment} and n.state = 's' and ${wanted})
       + (select count(*) from (
            select number_id from reservation
            where state = 'active' and not on_clock and expires_at <= ${over}
            order by expires_at limit ${overdueHoldsMax}) overdue
          join number n on n.id = overdue.number_id
          where n.status = 's' and n.held_until <= ${over}
            and environment_of_number(n.id) = ${environment} and ${wanted})
     )::bigint as total`,
  );
  return row?.total ?? 0;
}

function shelfFilters(filters: CleanFilters, statement: Statement): string {
  const { countries, groupId, cityId, regionId, type, featureMask } = filters;
  const parts = ['true'];
  if (countries !== null) {
    parts.push(
      `n.country_no = any(${statement.bind(`{${countries.map(countryNo).join()}}`)}::text::smallint[])`,
    );
  }
  if (groupId !== null) parts.push(`n.group_id = ${statement.bind(groupId)}::bigint`);
  if (cityId !== null) parts.push(`n.city_id = ${statement.bind(cityId)}::bigint`);
  if (regionId !== null) parts.push(`n.region_id = ${statement.bind(regionId)}::bigint`);
  if (type !== null) parts.push(`n.type = ${statement.bind(type)}::"char"`);
  if (featureMask !== 0) {
    parts.push(`n.features & ${statement.bind(featureMask)} = ${statement.bind(featureMask)}`);
  }
  return parts.join(' and ');
}

/** Moves the oldest changes into the counters, in order of their shelves; gives how many. */
export async function foldChanges(sql: Sql): Promise<number> {
  const [row] = await sql.unsafe<{ count: number }[]>(`
    with folded as (
      delete from stock_change
      where id in (select id from stock_change order by id limit ${changesFoldedMax} for update skip locked)
      returning *
    ), added as (
      insert into stock_shelf as shelf (${shelfColumns}, numbers)
      select ${shelfColumns}, sum(change) from folded
      group by ${shelfColumns} having sum(change) <> 0
      order by ${shelfColumns}
      on conflict (${shelfColumns}) do update set numbers = shelf.numbers + excluded.numbers
    )
    select count(*)::int as count from folded`);
  return row?.count ?? 0;
}
