import { timestampArray } from '../../../database/arrays.js';
import type { Sql } from '../../../database/connection.js';
import type { Environment } from '../../context.js';
import { dueInScope } from '../../authority/index.js';
import type { DueScope } from '../../authority/index.js';
import { windowIsOver } from '../../number-life-store.js';
import { policySeconds } from '../../policies/index.js';

/**
 * The SQL of due work. What is due is locked with `skip locked`, the number together with its hold or rental: a row that
 * somebody else is changing is left for the next batch, so due work never waits for a number and cannot deadlock on one.
 */

export interface DueWindow {
  readonly rentalId: number;
  readonly numberId: number;
  readonly accountId: number;
  readonly environment: Environment;
  readonly clockId: number | null;
  readonly restSeconds: number;
  readonly dueAt: Date;
}

export async function lockEndedWindows(
  sql: Sql,
  scope: DueScope,
  now: Date,
  limit: number,
): Promise<DueWindow[]> {
  return sql<DueWindow[]>`
    select r.id as "rentalId", r.number_id as "numberId", r.account_id as "accountId", a.environment,
           a.clock_id as "clockId", ${policySeconds(sql, 'quarantine_seconds')} as "restSeconds",
           r.reclaim_until as "dueAt"
    from rental r
    join account a on a.id = r.account_id
    join number_group g on g.id = r.group_id
    join number n on n.id = r.number_id
    where ${windowIsOver(sql, 'r', now)} and ${dueInScope(sql, scope)}
    order by r.reclaim_until limit ${limit}
    for no key update of n, r skip locked`;
}

/** Ends rentals at the ends of their windows. */
export async function endRentals(sql: Sql, rentalIds: readonly number[]): Promise<void> {
  await sql`
    update rental set state = 'ended', ended_at = reclaim_until, updated_at = reclaim_until
    where id = any(${rentalIds as number[]}::bigint[])`;
}

/** Numbers that leave their renters: each rests until its time, or goes back to stock where that is null. */
export async function restNumbers(
  sql: Sql,
  rests: readonly { numberId: number; restsUntil: Date | null; clockId: number | null }[],
): Promise<void> {
  await sql`
    update number n
    set status = (case when rest.until is null then 's' else 'q' end)::"char", rests_until = rest.until,
        rest_clock_id = rest.clock_id, held_until = null, reservation_id = null
    from unnest(
      ${rests.map((rest) => rest.numberId)}::bigint[], ${timestampArray(rests.map((rest) => rest.restsUntil))}::timestamptz[],
      ${rests.map((rest) => (rest.restsUntil === null ? null : rest.clockId))}::bigint[])
      as rest (number_id, until, clock_id)
    where n.id = rest.number_id and n.status = 'r'`;
}

export interface UnregisteredRental {
  readonly rentalId: number;
  readonly numberId: number;
  readonly accountId: number;
  readonly environment: Environment;
  readonly dueAt: Date;
}

export const registerBy = (sql: Sql) => sql`
  r.started_at + ${policySeconds(sql, 'registration_seconds')} * interval '1 second'`;

export async function lockUnregisteredRentals(
  sql: Sql,
  scope: DueScope,
  now: Date,
  limit: number,
): Promise<UnregisteredRental[]> {
  return sql<UnregisteredRental[]>`
    select r.id as "rentalId", r.number_id as "numberId", r.account_id as "accountId", a.environment,
           ${registerBy(sql)} as "dueAt"
    from rental r
    join account a on a.id = r.account_id
    join number_group g on g.id = r.group_id
    join number n on n.id = r.number_id
    where r.state = 'awaiting_registration' and ${registerBy(sql)} <= ${now}
      and r.started_at <= ${now}::timestamptz - interval '1 second' * (
        select min(value) from policy where name = 'registration_seconds')
      and ${dueInScope(sql, scope)}
    order by "dueAt", r.id limit ${limit}
    for no key update of n, r skip locked`;
}

export async function suspendRentals(sql: Sql, rentals: readonly UnregisteredRental[]): Promise<void> {
  await sql`
    update rental r set state = 'suspended', updated_at = due.at
    from unnest(
      ${rentals.map((rental) => rental.rentalId)}::bigint[],
      ${timestampArray(rentals.map((rental) => rental.dueAt))}::timestamptz[]) as due (rental_id, at)
    where r.id = due.rental_id`;
}

/** When the next thing of each kind falls due for the accounts on a clock; null where nothing will. */
export interface NextDue {
  readonly expire: Date | null;
  readonly window: Date | null;
  readonly rest: Date | null;
  readonly registration: Date | null;
  readonly renewal: Date | null;
}

export async function findNextDue(sql: Sql, clockId: number): Promise<NextDue> {
  const rentals = sql`account a join rental r on r.account_id = a.id and r.ended_at is null`;
  const [row] = await sql<NextDue[]>`
    select
      (select min(r.expires_at) from account a join reservation r on r.account_id = a.id and r.state = 'active'
       where a.clock_id = ${clockId}) as expire,
      (select min(r.reclaim_until) from ${rentals}
       where a.clock_id = ${clockId} and r.state = 'pending_release') as window,
      (select min(rests_until) from number where status = 'q' and rest_clock_id = ${clockId}) as rest,
      (select min(${registerBy(sql)}) from ${rentals} join number_group g on g.id = r.group_id
       where a.clock_id = ${clockId} and r.state = 'awaiting_registration') as registration,
      (select min(coalesce(r.retry_at, r.next_charge_at)) from ${rentals}
       where a.clock_id = ${clockId} and r.state <> 'pending_release') as renewal`;
  return row as NextDue;
}
