import type { Sql } from '../../database/connection.js';
import type { NumberType } from '../catalogue/index.js';

/** A rental that waits for its account to have a fitting address, or was suspended because it waited too long. */
export interface AwaitingRental {
  readonly id: number;
  readonly numberId: number;
  readonly country: string;
  readonly type: NumberType;
}

export async function hasAwaitingRentals(sql: Sql, accountId: number): Promise<boolean> {
  const rows = await sql`
    select 1 from rental where account_id = ${accountId} and state in ('awaiting_registration', 'suspended') limit 1`;
  return rows.length > 0;
}

/** Locks the numbers of an account's waiting rentals, in order of id as everybody does. */
export async function lockAwaitingNumbers(sql: Sql, accountId: number): Promise<void> {
  await sql`
    select 1 from number
    where id in (
      select number_id from rental where account_id = ${accountId} and state in ('awaiting_registration', 'suspended'))
    order by id
    for no key update`;
}

/** An account's waiting rentals as they are under the locks of their numbers, oldest first. */
export async function listAwaitingRentals(sql: Sql, accountId: number): Promise<AwaitingRental[]> {
  return sql<AwaitingRental[]>`
    select r.id, r.number_id as "numberId", g.country, g.type
    from rental r join number_group g on g.id = r.group_id
    where r.account_id = ${accountId} and r.state in ('awaiting_registration', 'suspended')
    order by r.id`;
}

export async function markRegistered(
  sql: Sql,
  rentalIds: readonly number[],
  addressId: number,
  at: Date,
): Promise<void> {
  await sql`
    update rental set state = 'active', address_id = ${addressId}, updated_at = ${at}
    where id = any(${rentalIds as number[]}::bigint[]) and state in ('awaiting_registration', 'suspended')`;
}
