import type { Sql } from '../../database/connection.js';
import type { NumberType } from '../catalogue/index.js';

export interface ReservationRow {
  readonly id: number;
  readonly numberId: number;
  readonly groupId: number;
  readonly country: string;
  readonly type: NumberType;
  readonly accountId: number;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

const reservationColumns = (sql: Sql) => sql`
  r.id, r.number_id as "numberId", n.group_id as "groupId", g.country, g.type, r.account_id as "accountId",
  r.created_at as "createdAt", r.expires_at as "expiresAt"`;

const reservationJoins = (sql: Sql) => sql`
  reservation r join number n on n.id = r.number_id join number_group g on g.id = n.group_id`;

/** Oldest first, from above an id. */
export async function listActiveReservations(
  sql: Sql,
  accountId: number,
  now: Date,
  page: { readonly afterId: number; readonly limit: number },
): Promise<ReservationRow[]> {
  return sql<ReservationRow[]>`
    select ${reservationColumns(sql)}
    from ${reservationJoins(sql)}
    where r.account_id = ${accountId} and r.state = 'active' and r.expires_at > ${now} and r.id > ${page.afterId}
    order by r.id limit ${page.limit}`;
}

export async function findActiveReservation(
  sql: Sql,
  accountId: number,
  id: number,
  now: Date,
): Promise<ReservationRow | undefined> {
  const [row] = await sql<ReservationRow[]>`
    select ${reservationColumns(sql)}
    from ${reservationJoins(sql)}
    where r.id = ${id} and r.account_id = ${accountId} and r.state = 'active' and r.expires_at > ${now}`;
  return row;
}

/** The number of a hold of the account's, whatever has become of it. */
export async function findReservedNumber(
  sql: Sql,
  accountId: number,
  id: number,
): Promise<number | undefined> {
  const [row] = await sql<{ numberId: number }[]>`
    select number_id as "numberId" from reservation where id = ${id} and account_id = ${accountId}`;
  return row?.numberId;
}

/** Locks the number first, as everybody does, then looks at the hold as it is under that lock. */
export async function lockActiveReservation(
  sql: Sql,
  accountId: number,
  id: number,
  now: Date,
): Promise<ReservationRow | undefined> {
  await sql`
    select 1 from number
    where id = (select number_id from reservation where id = ${id} and account_id = ${accountId})
    for no key update`;
  return findActiveReservation(sql, accountId, id, now);
}

export async function extendHold(
  sql: Sql,
  row: ReservationRow,
  expiresAt: Date,
  heldUntil: Date,
): Promise<void> {
  await sql`update reservation set expires_at = ${expiresAt} where id = ${row.id}`;
  await sql`update number set held_until = ${heldUntil} where id = ${row.numberId} and reservation_id = ${row.id}`;
}

export async function endReservation(
  sql: Sql,
  id: number,
  state: 'cancelled' | 'expired',
  at: Date,
): Promise<void> {
  await sql`update reservation set state = ${state}, ended_at = ${at} where id = ${id} and state = 'active'`;
}

export async function clearHold(sql: Sql, row: ReservationRow): Promise<void> {
  await sql`
    update number set held_until = null, reservation_id = null
    where id = ${row.numberId} and reservation_id = ${row.id}`;
}
