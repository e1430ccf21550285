import type { Sql } from '../../../database/connection.js';
import { dueInScope, setAside } from '../../authority/index.js';
import type { DueScope } from '../../authority/index.js';
import type { Environment } from '../../context.js';

export interface DueReservation {
  readonly id: number;
  readonly numberId: number;
  readonly accountId: number;
  readonly environment: Environment;
  readonly dueAt: Date;
}

/** Leaves holds of accounts on test clocks out of live due work. */
export async function setClocksAside(sql: Sql, scope: DueScope, now: Date): Promise<void> {
  const due = sql`state = 'active' and expires_at <= ${now}`;
  await setAside(sql, scope, { table: 'reservation', due, order: sql`expires_at` });
}

export async function lockExpiredReservations(
  sql: Sql,
  scope: DueScope,
  now: Date,
  limit: number,
): Promise<DueReservation[]> {
  return sql<DueReservation[]>`
    select r.id, r.number_id as "numberId", r.account_id as "accountId", a.environment, r.expires_at as "dueAt"
    from reservation r join account a on a.id = r.account_id join number n on n.id = r.number_id
    where r.state = 'active' and r.expires_at <= ${now} and ${dueInScope(sql, scope)}
    order by r.expires_at limit ${limit}
    for no key update of n, r skip locked`;
}

/** Ends holds at their own times; a number that another hold has taken since keeps that one. */
export async function expireHolds(sql: Sql, holds: readonly DueReservation[]): Promise<void> {
  const ids = holds.map((hold) => hold.id);
  await sql`
    update reservation set state = 'expired', ended_at = expires_at where id = any(${ids}::bigint[])`;
  await sql`
    update number n set held_until = null, reservation_id = null
    from unnest(${holds.map((hold) => hold.numberId)}::bigint[], ${ids}::bigint[]) as over (number_id, reservation_id)
    where n.id = over.number_id and n.reservation_id = over.reservation_id`;
}
