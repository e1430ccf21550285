import { heldByClock } from '../holds.js';
import type { Check } from './check.js';

/** The checks of numbers, their holds and their renters. */
export const numberChecks: readonly Check[] = [
  {
    name: 'one_open_rental_per_number',
    promise: 'No number is rented twice at a time',
    examined: (sql) => sql`select count(*) from rental where ended_at is null`,
    violations: (sql) => sql`
      select number_id, count(*) as open_rentals, array_agg(id) as rental_ids
      from rental where ended_at is null group by number_id having count(*) > 1`,
  },
  {
    name: 'rented_numbers_have_a_rental',
    promise: 'A number is marked rented exactly when it has an open rental',
    examined: (sql) => sql`
      select (select count(*) from number where status = 'r') + (select count(*) from rental where ended_at is null)`,
    violations: (sql) => sql`
      select n.id as number_id, null::bigint as rental_id, n.status::text as status
      from number n
      where n.status = 'r' and not exists (select 1 from rental r where r.number_id = n.id and r.ended_at is null)
      union all
      select r.number_id, r.id, n.status::text
      from rental r left join number n on n.id = r.number_id
      where r.ended_at is null and n.status is distinct from 'r'`,
  },
  {
    name: 'holds_match_their_numbers',
    promise: 'A hold in force is on its number until it ends, and no number is held by anything else',
    examined: (sql) => sql`select count(*) from reservation where state = 'active'`,
    violations: (sql, now) => sql`
      select r.id as reservation_id, r.number_id, r.expires_at, n.held_until, n.reservation_id as held_by
      from reservation r
      left join number n on n.id = r.number_id
      left join account a on a.id = r.account_id
      left join test_clock c on c.id = a.clock_id
      where r.state = 'active' and r.expires_at > coalesce(c.now_at, ${now})
        and (n.reservation_id is distinct from r.id
          or n.held_until is distinct from case when c.id is null then r.expires_at else ${heldByClock}::timestamptz end)
      union all
      select n.reservation_id, n.id, r.expires_at, n.held_until, n.reservation_id
      from number n left join reservation r on r.id = n.reservation_id and r.number_id = n.id and r.state = 'active'
      where n.held_until > ${now} and r.id is null`,
  },
  {
    name: 'totals_match_the_stock',
    promise: 'The kept totals are what counting the numbers of each shelf by state gives',
    examined: (sql) => sql`select (select count(*) from stock_shelf) + (select count(*) from stock_change)`,
    violations: (sql) => sql`
      select group_id, environment, country_no, region_id, city_id, type, features, state::text as state,
             sum(kept)::bigint as kept, sum(counted)::bigint as counted
      from (
        select group_id, environment, country_no, region_id, city_id, type, features, state,
               numbers as kept, 0 as counted
        from stock_shelf
        union all
        select group_id, environment, country_no, region_id, city_id, type, features, state, change, 0
        from stock_change
        union all
        select group_id, environment_of_number(id), country_no, region_id, city_id, type, features,
               stock_state(status, held_until), 0, 1
        from number) shelf
      group by 1, 2, 3, 4, 5, 6, 7, 8 having sum(kept) <> sum(counted)`,
  },
];
