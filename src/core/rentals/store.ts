import type { Sql } from '../../database/connection.js';
import type { BillingCycle } from '../billing/index.js';
import type { NumberType } from '../catalogue/index.js';
import type { RentalState } from '../number-life.js';
import { isStillHeld } from '../number-life-store.js';

/** A rental with the facts of its number's group that every surface shows. */
export interface RentalRow {
  readonly id: number;
  readonly numberId: number;
  readonly accountId: number;
  readonly walletId: number;
  readonly groupId: number;
  readonly orderId: number;
  /** The address that the number is registered with. */
  readonly addressId: number | null;
  readonly state: RentalState;
  readonly currency: string;
  readonly setupMinor: number;
  readonly recurringMinor: number;
  readonly cycle: BillingCycle;
  readonly cycleNumber: number;
  readonly nextChargeAt: Date;
  /** Since when the charge that fell due has not been paid; the rental stays in its state until the grace is over. */
  readonly pastDueSince: Date | null;
  readonly label: string | null;
  readonly tags: string[];
  readonly startedAt: Date;
  readonly updatedAt: Date;
  readonly releasedAt: Date | null;
  readonly stateBeforeRelease: RentalState | null;
  readonly reclaimUntil: Date | null;
  /** What the release that is pending has cost, in minor units. */
  readonly releaseFeeMinor: number;
  readonly country: string;
  readonly type: NumberType;
  readonly location: string;
  readonly timeZone: string | null;
  readonly features: number;
}

export const rentalColumns = (sql: Sql) => sql`
  r.id, r.number_id as "numberId", r.account_id as "accountId", r.wallet_id as "walletId", r.group_id as "groupId",
  r.order_id as "orderId", r.address_id as "addressId", r.state, r.currency, r.setup_minor as "setupMinor",
  r.recurring_minor as "recurringMinor", r.cycle, r.cycle_number as "cycleNumber",
  r.next_charge_at as "nextChargeAt", r.past_due_since as "pastDueSince", r.label, r.tags, r.started_at as "startedAt", r.updated_at as "updatedAt",
  r.released_at as "releasedAt", r.state_before_release as "stateBeforeRelease",
  r.reclaim_until as "reclaimUntil", r.release_fee_minor as "releaseFeeMinor",
  g.country, g.type, g.location, g.time_zone as "timeZone", n.features`;

export const rentalJoins = (sql: Sql) => sql`
  rental r join number_group g on g.id = r.group_id join number n on n.id = r.number_id`;

/** Rentals by id, whoever holds them: the caller compares the account. */
export async function findOpenRentals(sql: Sql, ids: readonly number[]): Promise<RentalRow[]> {
  return sql<RentalRow[]>`
    select ${rentalColumns(sql)} from ${rentalJoins(sql)}
    where r.id = any(${ids as number[]}::bigint[]) and r.ended_at is null`;
}

export async function findOpenRentalByNumber(
  sql: Sql,
  accountId: number,
  numberId: number,
): Promise<RentalRow | undefined> {
  const [row] = await sql<RentalRow[]>`
    select ${rentalColumns(sql)} from ${rentalJoins(sql)}
    where r.number_id = ${numberId} and r.ended_at is null and r.account_id = ${accountId}`;
  return row;
}

export interface RentalFilters {
  readonly country?: string | undefined;
  readonly numberId?: number | undefined;
  /** Whether to list those that are being released and can still be reclaimed; 'show' unless it says otherwise. */
  readonly released?: 'show' | 'hide' | undefined;
}

/**
 * An account's rentals in order of id after `afterId`, or downwards from below `beforeId`. One whose reclaim window is over is gone for its holder, whether
 * or not a job has ended it.
 */
export async function listOpenRentals(
  sql: Sql,
  accountId: number,
  now: Date,
  page: RentalFilters & { afterId: number; beforeId?: number | undefined; limit: number; offset: number },
): Promise<RentalRow[]> {
  const { country = null, numberId = null, released = 'show', beforeId = null } = page;
  return sql<RentalRow[]>`
    select ${rentalColumns(sql)} from ${rentalJoins(sql)}
    where r.account_id = ${accountId} and r.ended_at is null and r.id > ${page.afterId}
      and (${beforeId}::bigint is null or r.id < ${beforeId}::bigint)
      and ${isStillHeld(sql, 'r', now)} and (r.state <> 'pending_release' or ${released === 'show'})
      and (${country}::text is null or g.country = ${country}::text)
      and (${numberId}::bigint is null or r.number_id = ${numberId}::bigint)
    order by r.id ${beforeId === null ? sql`asc` : sql`desc`} limit ${page.limit} offset ${page.offset}`;
}

/** Locks the number, then gives its open rental as it is under that lock. */
export async function lockOpenRental(sql: Sql, rentalId: number): Promise<RentalRow | undefined> {
  await sql`
    select 1 from number where id = (select number_id from rental where id = ${rentalId}) for no key update`;
  const [row] = await findOpenRentals(sql, [rentalId]);
  return row;
}

/** Locks a number, then gives its open rental, whoever holds it. */
export async function lockNumberRental(sql: Sql, numberId: number): Promise<RentalRow | undefined> {
  await sql`select 1 from number where id = ${numberId} for no key update`;
  const [row] = await sql<RentalRow[]>`
    select ${rentalColumns(sql)} from ${rentalJoins(sql)} where r.number_id = ${numberId} and r.ended_at is null`;
  return row;
}

/** A number's last rental, whoever's and whether or not it has ended. */
export interface LatestRental {
  readonly id: number;
  readonly numberId: number;
  readonly accountId: number;
  readonly state: RentalState;
  readonly currency: string;
  readonly updatedAt: Date;
  readonly releasedAt: Date | null;
  readonly reclaimUntil: Date | null;
}

/** Locks the number, then gives its last rental as it is under that lock. */
export async function lockLatestRental(sql: Sql, numberId: number): Promise<LatestRental | undefined> {
  await sql`select 1 from number where id = ${numberId} for no key update`;
  const [row] = await sql<LatestRental[]>`
    select id, number_id as "numberId", account_id as "accountId", state, currency,
           updated_at as "updatedAt", released_at as "releasedAt", reclaim_until as "reclaimUntil"
    from rental where number_id = ${numberId}
    order by (ended_at is null) desc, started_at desc, id desc limit 1`;
  return row;
}

export async function markPendingRelease(
  sql: Sql,
  rentalId: number,
  stateBefore: RentalState,
  at: Date,
  reclaimUntil: Date,
  feeMinor: number,
): Promise<void> {
  await sql`
    update rental
    set state = 'pending_release', state_before_release = ${stateBefore}, released_at = ${at},
        reclaim_until = ${reclaimUntil}, release_fee_minor = ${feeMinor}, updated_at = ${at}
    where id = ${rentalId}`;
}

/** Undoes markPendingRelease; the cycles that fell due meanwhile are paid. */
export async function markReclaimed(
  sql: Sql,
  rentalId: number,
  paid: { readonly cycleNumber: number; readonly nextChargeAt: Date },
  at: Date,
): Promise<void> {
  await sql`
    update rental
    set state = coalesce(state_before_release, 'active'), state_before_release = null, released_at = null,
        reclaim_until = null, release_fee_minor = 0, past_due_since = null, retry_at = null, cycle_number = ${paid.cycleNumber},
        next_charge_at = ${paid.nextChargeAt}, updated_at = ${at}
    where id = ${rentalId}`;
}

export async function setDescription(
  sql: Sql,
  rentalId: number,
  { tags, label }: { readonly tags: readonly string[]; readonly label: string | null },
  at: Date,
): Promise<void> {
  await sql`
    update rental set tags = ${tags as string[]}::text[], label = ${label}, updated_at = ${at}
    where id = ${rentalId}`;
}

/** A rental passes from one account to another of the same family. */
export async function moveRentalRow(
  sql: Sql,
  rental: { readonly id: number; readonly numberId: number; readonly accountId: number },
  move: { readonly toAccountId: number; readonly forced: boolean; readonly at: Date },
): Promise<void> {
  await sql`
    update rental set account_id = ${move.toAccountId}, on_clock = false, updated_at = ${move.at}
    where id = ${rental.id}`;
  await sql`
    insert into rental_move (rental_id, number_id, from_account_id, to_account_id, forced, moved_at)
    values (${rental.id}, ${rental.numberId}, ${rental.accountId}, ${move.toAccountId}, ${move.forced}, ${move.at})`;
}

/** Who pays for a rental from now on, and the address that the number is registered with; it waits for none. */
export async function setPayer(
  sql: Sql,
  rentalId: number,
  { walletId, addressId }: { readonly walletId: number; readonly addressId: number | null },
): Promise<void> {
  await sql`
    update rental set wallet_id = ${walletId}, address_id = ${addressId}::bigint, state = 'active'
    where id = ${rentalId}`;
}

/** Public id of the sub-account that holds a number. */
export async function findHolderBelow(
  sql: Sql,
  parentId: number,
  numberId: number,
): Promise<string | undefined> {
  const [row] = await sql<{ holder: string }[]>`
    select a.public_id as holder from rental r join account a on a.id = r.account_id
    where r.number_id = ${numberId} and r.ended_at is null and a.parent_id = ${parentId}`;
  return row?.holder;
}

/** Rentals that an account holds, those included that it has released and could still reclaim. */
export async function countHeldRentals(sql: Sql, accountId: number, now: Date): Promise<number> {
  const [row] = await sql<{ count: number }[]>`
    select count(*)::int as count from rental r
    where account_id = ${accountId} and ended_at is null and ${isStillHeld(sql, 'r', now)}`;
  return row?.count ?? 0;
}

/** Public ids of a closed account that still has something, and of its parent. */
export interface ClosedHolder {
  readonly account: string;
  readonly parent: string | null;
}

/** Closed accounts with a number or a hold; those whose release or hold is over by now are included. */
export async function listClosedHolders(sql: Sql, limit: number): Promise<ClosedHolder[]> {
  return sql<ClosedHolder[]>`
    select a.public_id as account, p.public_id as parent
    from account a left join account p on p.id = a.parent_id
    where a.deleted_at is not null
      and (exists (select 1 from rental r where r.account_id = a.id and r.ended_at is null)
        or exists (select 1 from reservation r where r.account_id = a.id and r.state = 'active'))
    order by a.id limit ${limit}`;
}

export async function endRental(
  sql: Sql,
  rentalId: number,
  { releasedAt, feeMinor, at }: { readonly releasedAt: Date; readonly feeMinor: number; readonly at: Date },
): Promise<void> {
  await sql`
    update rental
    set state = 'ended', released_at = coalesce(released_at, ${releasedAt}),
        release_fee_minor = release_fee_minor + ${feeMinor}, ended_at = ${at}, updated_at = ${at}
    where id = ${rentalId}`;
}

/** The number leaves its renter: it rests until the given time of his clock, or goes straight back to stock. */
export async function restNumber(
  sql: Sql,
  numberId: number,
  restsUntil: Date | null,
  clockId: number | null,
): Promise<void> {
  await sql`
    update number
    set status = ${restsUntil === null ? 's' : 'q'}::text::"char", rests_until = ${restsUntil},
        rest_clock_id = ${restsUntil === null ? null : clockId}::bigint, held_until = null, reservation_id = null
    where id = ${numberId} and status = 'r'`;
}
