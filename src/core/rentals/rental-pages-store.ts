import type postgres from 'postgres';
import type { Sql } from '../../database/connection.js';
import { rentalColumns, rentalJoins } from './store.js';
import { isStillHeld } from '../number-life-store.js';
import type { RentalRow } from './store.js';

/** The SQL of numbered pages of rentals, newest first, over one account or a whole family of them. */

export interface HeldRental extends RentalRow {
  /** Public id of the account that holds it. */
  readonly account: string;
}

export interface RentalPageFilters {
  readonly accountId: number;
  readonly withSubAccounts: boolean;
  /** A run of digits anywhere in the number. */
  readonly digits: string | null;
  readonly now: Date;
}

type Fragment = postgres.PendingQuery<postgres.Row[]>;

const holders = (sql: Sql, { accountId, withSubAccounts }: RentalPageFilters): Fragment => sql`
  (select ${accountId}::bigint as id
   union all select id from account where parent_id = ${accountId} and ${withSubAccounts}) holder`;

const fits = (sql: Sql, { now, digits }: RentalPageFilters): Fragment => sql`
  r.ended_at is null and ${isStillHeld(sql, 'r', now)}
  ${digits === null ? sql`` : sql`and (r.number_id % 1000000000000000)::text like ${`%${digits}%`}`}`;

/** Each account gives the head of its own list, so that one index walk per account is enough. */
export async function findRentalPage(
  sql: Sql,
  filters: RentalPageFilters,
  { offset, limit }: { readonly offset: number; readonly limit: number },
): Promise<HeldRental[]> {
  return sql<HeldRental[]>`
    with page as (
      select head.id, head.started_at
      from ${holders(sql, filters)}
      cross join lateral (
        select r.id, r.started_at from rental r
        where r.account_id = holder.id and ${fits(sql, filters)}
        order by r.started_at desc, r.id desc
        limit ${offset + limit}
      ) head
      order by head.started_at desc, head.id desc
      offset ${offset} limit ${limit}
    )
    select ${rentalColumns(sql)}, a.public_id as account
    from ${rentalJoins(sql)} join account a on a.id = r.account_id
    where r.id in (select id from page)
    order by r.started_at desc, r.id desc`;
}

export async function countRentals(sql: Sql, filters: RentalPageFilters): Promise<number> {
  const [row] = await sql<{ total: number }[]>`
    select count(*)::int as total
    from ${holders(sql, filters)} join rental r on r.account_id = holder.id
    where ${fits(sql, filters)}`;
  return row?.total ?? 0;
}
