import type postgres from 'postgres';
import type { Sql } from '../database/connection.js';

/** The rules of number-life.ts as conditions of statements, in which `table` is the alias of the row's table, and what numbers have lived through. */

/** True for a number that nobody holds any more. */
export const holdIsOver = (sql: Sql, table: string, at: Date) => sql`
  (${sql(`${table}.held_until`)} is null or ${sql(`${table}.held_until`)} <= ${at})`;

/** The same as text, for statements that are put together piece by piece; `at` is a bound parameter. */
export const holdIsOverText = (table: string, at: string): string =>
  `(${table}.held_until is null or ${table}.held_until <= ${at})`;

/** A time, or an expression of the statement that gives one. */
type Time = Date | postgres.PendingQuery<postgres.Row[]>;

/** True for an open rental that is still its holder's. */
export const isStillHeld = (sql: Sql, table: string, at: Time) => sql`
  (${sql(`${table}.state`)} <> 'pending_release' or ${sql(`${table}.reclaim_until`)} > ${at})`;

/** The opposite: true for a rental whose reclaim window is over. Written so that the index of windows serves it. */
export const windowIsOver = (sql: Sql, table: string, at: Time) => sql`
  (${sql(`${table}.state`)} = 'pending_release' and ${sql(`${table}.reclaim_until`)} <= ${at})`;

/** True for a number whose quarantine is over by its own clock. */
export const restIsOver = (sql: Sql, table: string, at: Date) => sql`
  (${sql(`${table}.status`)} = 'q' and ${sql(`${table}.rests_until`)} <= ${at})`;

/** When each of these numbers was last given up for good; those that never were are absent. */
export async function findLastReleases(
  sql: Sql,
  numberIds: readonly number[],
): Promise<{ readonly numberId: number; readonly releasedAt: Date }[]> {
  return sql<{ numberId: number; releasedAt: Date }[]>`
    select number_id as "numberId", max(released_at) as "releasedAt" from rental
    where number_id = any(${numberIds as number[]}::bigint[]) and ended_at is not null and released_at is not null
    group by number_id`;
}
