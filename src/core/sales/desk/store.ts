import { timestampArray } from '../../../database/arrays.js';
import type { Sql } from '../../../database/connection.js';
import type { NumberType } from '../../catalogue/index.js';
import { holdIsOver, isStillHeld } from '../../number-life-store.js';
import type { Effects } from './effects.js';
import { payerIdOf } from './state.js';
import type { GroupFacts, NumberFacts, WalletFacts } from './state.js';

/** The SQL of the purchase desk: reads that lock, set-based writes. One statement per table and batch. */

/** A number, and the group that it is in. */
export interface NumberRow extends NumberFacts {
  readonly groupPublicId: string;
  readonly groupCountry: string;
  readonly groupType: NumberType;
  readonly groupLocation: string;
  readonly groupAllowsSelection: boolean;
}

const numberFacts = (sql: Sql, now: Date) => sql`
  g.public_id as "groupPublicId", g.country as "groupCountry", g.type as "groupType",
  g.location as "groupLocation", g.allow_number_selection as "groupAllowsSelection",
  n.id, n.group_id as "groupId", n.features, n.has_own_price as "hasOwnPrice", n.status::text as status,
  n.held_until as "heldUntil", n.rests_until as "restsUntil", n.rest_clock_id as "restClockId",
  n.reservation_id as "reservationId", r.account_id as "holderAccountId",
  (select own.account_id from rental own
   where own.number_id = n.id and own.ended_at is null and n.status = 'r'
     and ${isStillHeld(sql, 'own', now)}) as "renterAccountId",
  (select state from rental
   where number_id = n.id and ended_at is null and n.status = 'r') as "renterState"`;

/**
 * The numbers asked for; with `lock` they are taken in order of id, as every lane does. They are read by a statement
 * after the one that locks: one that has waited would see the number as it is, but holder and renter as they were.
 */
export async function findNumbers(
  sql: Sql,
  ids: readonly number[],
  { now, lock }: { readonly now: Date; readonly lock: boolean },
): Promise<NumberRow[]> {
  const locking = lock
    ? sql`select 1 from number where id = any(${ids as number[]}::bigint[]) order by id for no key update`
    : undefined;
  const reading = sql<NumberRow[]>`
    select ${numberFacts(sql, now)}
    from number n
    join number_group g on g.id = n.group_id
    left join reservation r on r.id = n.reservation_id
    where n.id = any(${ids as number[]}::bigint[])`;
  const [, rows] = await Promise.all([locking, reading]);
  return rows;
}

/** A shelf from which some numbers are wanted, whichever. */
export interface WantedShelf {
  readonly groupId: number;
  readonly firstId: number;
  readonly lastId: number;
  readonly count: number;
  /** Where on the shelf to start, 0 to 1: random, so that two processes do not reach for the same numbers. */
  readonly start: number;
}

/** `heldBefore` is the instant up to which an ended hold counts as none; `except` are numbers that the batch names. */
export interface ShelfTimes {
  readonly now: Date;
  readonly heldBefore: Date;
  readonly except: readonly number[];
}

/**
 * Locks free numbers from a random place of each shelf upwards (`wrap` false) or from its beginning (`wrap` true).
 * Numbers that another process is judging are passed over unless `wait` is set; so are those that a request
 * of the batch names, and may take itself.
 */
export async function lockAnyNumbers(
  sql: Sql,
  shelves: readonly WantedShelf[],
  { now, heldBefore, except }: ShelfTimes,
  how: { wrap: boolean; wait: boolean },
): Promise<NumberRow[]> {
  return sql<NumberRow[]>`
    select ${numberFacts(sql, now)}
    from unnest(
      ${shelves.map((s) => s.groupId)}::int[], ${shelves.map((s) => s.firstId)}::bigint[],
      ${shelves.map((s) => s.lastId)}::bigint[], ${shelves.map((s) => s.count)}::int[],
      ${shelves.map((s) => s.start)}::float8[]) as w(group_id, first_id, last_id, count, start)
    cross join lateral (
      select
        (select id from number where group_id = w.group_id and status = 's'
           and id between w.first_id and w.last_id order by id limit 1) as low,
        (select id from number where group_id = w.group_id and status = 's'
           and id between w.first_id and w.last_id order by id desc limit 1) as high
    ) shelf
    cross join lateral (
      select * from number
      where group_id = w.group_id and status = 's' and ${holdIsOver(sql, 'number', heldBefore)}
        and id between (case when ${how.wrap} then shelf.low
                        else shelf.low + floor((shelf.high - shelf.low) * w.start)::bigint end) and shelf.high
        and id <> all(${except as number[]}::bigint[])
      order by id
      limit w.count
      for no key update ${how.wait ? sql`` : sql`skip locked`}
    ) n
    join number_group g on g.id = n.group_id
    left join reservation r on r.id = n.reservation_id`;
}

export async function findGroupFacts(sql: Sql, ids: readonly number[]): Promise<GroupFacts[]> {
  return sql<GroupFacts[]>`
    select id, public_id as "publicId", country, type, location, allow_number_selection as "allowNumberSelection"
    from number_group where id = any(${ids as number[]}::int[])`;
}

/** Tables whose rows a desk keeps in memory. */
export type FactKind = 'policy' | 'price_rule' | 'requirement';

/** Triggers move a version with every change of its table. */
export async function readFactVersions(tx: Sql): Promise<Record<FactKind, number>> {
  const rows = await tx<{ kind: FactKind; version: number }[]>`select kind, version from fact_version`;
  const versions = { policy: 0, price_rule: 0, requirement: 0 };
  for (const { kind, version } of rows) versions[kind] = version;
  return versions;
}

/** The payers' wallets; with `lock` they are taken in order of id, after the numbers. */
export async function findWallets(
  sql: Sql,
  accountIds: readonly number[],
  lock: boolean,
): Promise<WalletFacts[]> {
  return sql<WalletFacts[]>`
    select id, account_id as "accountId", environment, currency, balance_minor as "balanceMinor",
           credit_limit_minor as "creditLimitMinor"
    from wallet
    where account_id = any(${accountIds as number[]}::bigint[])
    order by id
    ${lock ? sql`for no key update` : sql``}`;
}

/** Holds in force of payers and their sub-accounts. */
export async function countActiveReservations(
  sql: Sql,
  payerIds: readonly number[],
  now: Date,
): Promise<{ payerId: number; count: number }[]> {
  return sql<{ payerId: number; count: number }[]>`
    select payer_id as "payerId", count(*)::int as count
    from reservation
    where payer_id = any(${payerIds as number[]}::bigint[]) and state = 'active' and expires_at > ${now}
    group by payer_id`;
}

export interface KeyRecordRow {
  readonly accountId: number;
  readonly key: string;
  readonly requestHash: Buffer;
  readonly outcome: unknown;
}

export async function findKeyRecords(
  sql: Sql,
  accountIds: readonly number[],
  keys: readonly string[],
): Promise<KeyRecordRow[]> {
  return sql<KeyRecordRow[]>`
    select i.account_id as "accountId", i.key, i.request_hash as "requestHash", i.outcome
    from unnest(${accountIds as number[]}::bigint[], ${keys as string[]}::text[]) as asked(account_id, key)
    cross join lateral (
      select * from idempotency where account_id = asked.account_id and key = asked.key limit 1) i`;
}

export type IdKind = 'purchase_order' | 'rental' | 'reservation' | 'assignment';

/** A block of ids that no other process gets. Numbers of a block that are never used are simply gaps. */
export async function drawIds(sql: Sql, kind: IdKind, count: number): Promise<number[]> {
  const rows = await sql<{ id: number }[]>`
    select nextval(${`${kind}_id_seq`}::regclass) as id from generate_series(1, ${count})`;
  return rows.map((row) => row.id);
}

/** Marks numbers as rented, and writes their rentals, the orders and the records of their keys. */
export async function insertOrders(
  sql: Sql,
  { orders, rentals }: Effects,
  records: readonly NewKeyRecord[],
): Promise<void> {
  await sql`
    with ordered as (
      insert into purchase_order (id, account_id, mode, results, request_id, created_at)
      select * from unnest(
        ${orders.map((o) => o.order.orderId)}::bigint[], ${orders.map((o) => o.request.account.id)}::bigint[],
        ${orders.map((o) => o.order.mode)}::text[],
        ${orders.map((o) => JSON.stringify(o.order.results))}::text[]::jsonb[],
        ${orders.map((o) => o.request.requestId)}::text[],
        ${timestampArray(orders.map((o) => o.request.at))}::timestamptz[])
    ), rented as (
      update number
      set status = 'r', held_until = null, reservation_id = null, rests_until = null, rest_clock_id = null
      where id = any(${rentals.map((rental) => rental.number.id)}::bigint[])
    ), remembered as (${keyRecordsInsert(sql, records)})
    insert into rental
      (id, number_id, account_id, wallet_id, group_id, order_id, state, currency, setup_minor, recurring_minor, cycle,
       next_charge_at, started_at, updated_at, address_id)
    select id, number_id, account_id, wallet_id, group_id, order_id, state, currency, setup_minor, recurring_minor,
           cycle::billing_cycle, next_charge_at, started_at, started_at, address_id
    from unnest(
      ${rentals.map((r) => r.rentalId)}::bigint[], ${rentals.map((r) => r.number.id)}::bigint[],
      ${rentals.map((r) => r.request.account.id)}::bigint[], ${rentals.map((r) => r.wallet.id)}::bigint[],
      ${rentals.map((r) => r.group.id)}::int[], ${rentals.map((r) => r.orderId)}::bigint[],
      ${rentals.map((r) => r.state)}::text[], ${rentals.map((r) => r.price.currency)}::text[],
      ${rentals.map((r) => r.price.setupMinor)}::bigint[], ${rentals.map((r) => r.price.recurringMinor)}::bigint[],
      ${rentals.map((r) => r.price.cycle)}::text[], ${timestampArray(rentals.map((r) => r.nextChargeAt))}::timestamptz[],
      ${timestampArray(rentals.map((r) => r.request.at))}::timestamptz[],
      ${rentals.map((r) => r.addressId)}::bigint[])
      as new (id, number_id, account_id, wallet_id, group_id, order_id, state, currency, setup_minor, recurring_minor,
              cycle, next_charge_at, started_at, address_id)`;
}

export async function insertReservations(sql: Sql, { reservations }: Effects): Promise<void> {
  const ids = reservations.map((r) => r.reservationId);
  const numbers = reservations.map((r) => r.number.id);
  const ends = reservations.map((r) => r.expiresAt);
  const heldUntil = reservations.map((r) => r.heldUntil);
  await Promise.all([
    sql`
      insert into reservation (id, number_id, account_id, payer_id, state, created_at, expires_at)
      select id, number_id, account_id, payer_id, 'active', created_at, expires_at
      from unnest(
        ${ids}::bigint[], ${numbers}::bigint[], ${reservations.map((r) => r.request.account.id)}::bigint[],
        ${reservations.map((r) => payerIdOf(r.request.account))}::bigint[],
        ${timestampArray(reservations.map((r) => r.request.at))}::timestamptz[], ${timestampArray(ends)}::timestamptz[])
        as new (id, number_id, account_id, payer_id, created_at, expires_at)`,
    sql`
      update number n
      set held_until = new.held_until, reservation_id = new.id, status = 's', rests_until = null, rest_clock_id = null
      from unnest(${ids}::bigint[], ${numbers}::bigint[], ${timestampArray(heldUntil)}::timestamptz[])
        as new (id, number_id, held_until)
      where n.id = new.number_id and n.status in ('s', 'q')`,
  ]);
}

/** Ends holds: a bought one now, an expired one at its own end. */
export async function endReservations(sql: Sql, { endedReservations }: Effects, now: Date): Promise<void> {
  await sql`
    update reservation r
    set state = ended.state, ended_at = case when ended.state = 'expired' then r.expires_at else ${now} end
    from unnest(
      ${endedReservations.map((e) => e.reservationId)}::bigint[],
      ${endedReservations.map((e) => e.end)}::text[]) as ended (id, state)
    where r.id = ended.id and r.state = 'active'`;
}

export interface NewKeyRecord {
  readonly accountId: number;
  readonly key: string;
  readonly requestHash: Buffer;
  readonly outcome: unknown;
  readonly subjectKind: string | null;
  readonly subjectId: number | null;
  readonly at: Date;
}

export async function insertKeyRecords(sql: Sql, records: readonly NewKeyRecord[]): Promise<void> {
  await keyRecordsInsert(sql, records);
}

function keyRecordsInsert(sql: Sql, records: readonly NewKeyRecord[]) {
  return sql`
    insert into idempotency (account_id, key, request_hash, outcome, subject_kind, subject_id, created_at)
    select account_id, key, decode(request_hash, 'hex'), outcome, subject_kind, subject_id, created_at
    from unnest(
      ${records.map((r) => r.accountId)}::bigint[], ${records.map((r) => r.key)}::text[],
      ${records.map((r) => r.requestHash.toString('hex'))}::text[],
      ${records.map((r) => JSON.stringify(r.outcome))}::text[]::jsonb[],
      ${records.map((r) => r.subjectKind)}::text[], ${records.map((r) => r.subjectId)}::bigint[],
      ${timestampArray(records.map((r) => r.at))}::timestamptz[])
      as new (account_id, key, request_hash, outcome, subject_kind, subject_id, created_at)`;
}

/** Which of these orders and reservations are there: asked after a commit whose answer got lost. */
export async function findCommitted(
  sql: Sql,
  orderIds: readonly number[],
  reservationIds: readonly number[],
): Promise<{ orders: number[]; reservations: number[] }> {
  const [orders, reservations] = await Promise.all([
    sql<{ id: number }[]>`select id from purchase_order where id = any(${orderIds as number[]}::bigint[])`,
    sql<{ id: number }[]>`select id from reservation where id = any(${reservationIds as number[]}::bigint[])`,
  ]);
  return { orders: orders.map((row) => row.id), reservations: reservations.map((row) => row.id) };
}
