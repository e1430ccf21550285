import type postgres from 'postgres';
import type { Sql } from '../../database/connection.js';
import type { Counted } from '../../lib/total.js';
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

const hasDigits = (sql: Sql, digits: string | null): Fragment =>
  digits === null ? sql`true` : sql`(r.number_id % 1000000000000000)::text like ${`%${digits}%`}`;

const isHeld = (sql: Sql, { now }: RentalPageFilters): Fragment => sql`
  r.ended_at is null and ${isStillHeld(sql, 'r', now)}`;

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
        where r.account_id = holder.id and ${isHeld(sql, filters)} and ${hasDigits(sql, filters.digits)}
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

/** How many fit among the first `lookedAtMax` that are held. */
export async function countRentals(
  sql: Sql,
  filters: RentalPageFilters,
  lookedAtMax: number,
): Promise<Counted> {
  const [row] = await sql<{ total: number; lookedAt: number }[]>`
    select count(*) filter (where ${hasDigits(sql, filters.digits)}) as total, count(*) as "lookedAt"
    from (
      select held.number_id
      from ${holders(sql, filters)}
      cross join lateral (
        select r.number_id from rental r
        where r.account_id = holder.id and ${isHeld(sql, filters)} limit ${lookedAtMax}
      ) held
      limit ${lookedAtMax}
    ) r`;
  const { total = 0, lookedAt = 0 } = row ?? {};
  return { total, isExact: lookedAt < lookedAtMax };
}
