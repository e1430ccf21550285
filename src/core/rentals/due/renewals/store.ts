import { timestampArray } from '../../../../database/arrays.js';
import type { Sql } from '../../../../database/connection.js';
import type { BillingCycle } from '../../../billing/index.js';
import type { Environment } from '../../../context.js';
import type { RentalState } from '../../../number-life.js';
import type { DueScope } from '../../../authority/index.js';
import { dueInScope, inScope } from '../../../authority/index.js';
import { policySeconds } from '../../../policies/index.js';

/** The SQL of renewals: one statement per table and batch. */

export interface DueRenewal {
  readonly id: number;
  readonly numberId: number;
  readonly accountId: number;
  readonly environment: Environment;
  readonly walletId: number;
  readonly state: RentalState;
  readonly currency: string;
  readonly recurringMinor: number;
  readonly cycle: BillingCycle;
  readonly cycleNumber: number;
  readonly startedAt: Date;
  /** When the cycle to be charged began. */
  readonly nextChargeAt: Date;
  readonly pastDueSince: Date | null;
  /** When the charge is to be tried: at the cycle's beginning, or again later. */
  readonly dueAt: Date;
}

export interface PayingWallet {
  readonly id: number;
  balanceMinor: number;
  readonly creditLimitMinor: number;
}

/** True for the one process whose turn it is; the turn ends with the transaction. */
export async function takeTurn(sql: Sql): Promise<boolean> {
  const rows = await sql`select 1 from job_turn where name = 'renew_rentals' for update skip locked`;
  return rows.length === 1;
}

/** Locks the rentals whose charge is to be tried, with their numbers, in order of that time. */
export async function lockDueRenewals(
  sql: Sql,
  scope: DueScope,
  now: Date,
  limit: number,
): Promise<DueRenewal[]> {
  return sql<DueRenewal[]>`
    select r.id, r.number_id as "numberId", r.account_id as "accountId", a.environment, r.wallet_id as "walletId",
           r.state, r.currency, r.recurring_minor as "recurringMinor", r.cycle, r.cycle_number as "cycleNumber",
           r.started_at as "startedAt", r.next_charge_at as "nextChargeAt", r.past_due_since as "pastDueSince",
           coalesce(r.retry_at, r.next_charge_at) as "dueAt"
    from rental r join account a on a.id = r.account_id join number n on n.id = r.number_id
    where r.ended_at is null and r.state <> 'pending_release'
      and coalesce(r.retry_at, r.next_charge_at) <= ${now} and ${dueInScope(sql, scope)}
    order by coalesce(r.retry_at, r.next_charge_at), r.id limit ${limit}
    for no key update of n, r skip locked`;
}

/** Locks the wallets that pay, in order of id, after the numbers. */
export async function lockPayingWallets(sql: Sql, ids: readonly number[]): Promise<PayingWallet[]> {
  return sql<PayingWallet[]>`
    select id, balance_minor as "balanceMinor", credit_limit_minor as "creditLimitMinor"
    from wallet where id = any(${ids as number[]}::bigint[])
    order by id for no key update`;
}

export interface Grace {
  readonly graceSeconds: number;
  readonly reclaimSeconds: number;
}

/** How long each of these rentals may stay unpaid, and how long it can be reclaimed after that. */
export async function findGraces(sql: Sql, rentalIds: readonly number[]): Promise<Map<number, Grace>> {
  if (rentalIds.length === 0) return new Map();
  const rows = await sql<(Grace & { id: number })[]>`
    select r.id, ${policySeconds(sql, 'grace_seconds')} as "graceSeconds",
           ${policySeconds(sql, 'reclaim_seconds')} as "reclaimSeconds"
    from rental r join account a on a.id = r.account_id join number_group g on g.id = r.group_id
    where r.id = any(${rentalIds as number[]}::bigint[])`;
  return new Map(rows.map((row) => [row.id, row]));
}

export interface CycleChange {
  readonly id: number;
  readonly cycleNumber: number;
  readonly nextChargeAt: Date;
  readonly pastDueSince: Date | null;
  readonly retryAt: Date | null;
  readonly at: Date;
}

export async function moveCycles(sql: Sql, changes: readonly CycleChange[]): Promise<void> {
  await sql`
    update rental r
    set cycle_number = new.cycle_number, next_charge_at = new.next_charge_at, past_due_since = new.past_due_since,
        retry_at = new.retry_at, updated_at = new.at
    from unnest(
      ${changes.map((change) => change.id)}::bigint[], ${changes.map((change) => change.cycleNumber)}::int[],
      ${timestampArray(changes.map((change) => change.nextChargeAt))}::timestamptz[],
      ${timestampArray(changes.map((change) => change.pastDueSince))}::timestamptz[],
      ${timestampArray(changes.map((change) => change.retryAt))}::timestamptz[],
      ${timestampArray(changes.map((change) => change.at))}::timestamptz[])
      as new (id, cycle_number, next_charge_at, past_due_since, retry_at, at)
    where r.id = new.id`;
}

/** A released rental is no longer past due: what it owes is charged when it is reclaimed. */
export async function forgetPastDue(sql: Sql, rentalId: number): Promise<void> {
  await sql`update rental set past_due_since = null, retry_at = null where id = ${rentalId}`;
}

export interface FundedWallet {
  readonly id: number;
  readonly fundedAt: Date;
}

/** Wallets into which money has come since their past dues were tried. */
export async function findFundedWallets(sql: Sql, scope: DueScope, limit: number): Promise<FundedWallet[]> {
  return sql<FundedWallet[]>`
    select w.id, w.funded_at as "fundedAt"
    from wallet w join account a on a.id = w.account_id
    where w.funded_at is not null and ${inScope(sql, scope)} ${scope.clockId === null ? sql`and not w.on_clock` : sql``}
    order by w.id limit ${limit}`;
}

/** Past due, and not to be tried before some later time. */
const waiting = (sql: Sql, now: Date) => sql`
  r.past_due_since is not null and r.ended_at is null and r.state <> 'pending_release' and r.retry_at > ${now}`;

/** Lets the past dues of these wallets be tried at once; those that somebody is changing are passed over. */
export async function retryPastDues(
  sql: Sql,
  scope: DueScope,
  walletIds: readonly number[],
  now: Date,
  limit: number,
): Promise<number> {
  const rows = await sql`
    update rental set retry_at = ${now}
    where id in (
      select r.id from rental r join account a on a.id = r.account_id join number n on n.id = r.number_id
      where r.wallet_id = any(${walletIds as number[]}::bigint[]) and ${waiting(sql, now)} and ${inScope(sql, scope)}
      order by r.retry_at limit ${limit}
      for no key update of n, r skip locked)
    returning 1`;
  return rows.length;
}

/** Forgets that money came in, unless more has come since, or a past due has still to be tried. */
export async function settleFundedWallets(
  sql: Sql,
  scope: DueScope,
  wallets: readonly FundedWallet[],
  now: Date,
): Promise<number> {
  const rows = await sql`
    with locked as materialized (
      select id, funded_at from wallet where id = any(${wallets.map((wallet) => wallet.id)}::bigint[])
      order by id for no key update)
    update wallet w set funded_at = null
    from locked join unnest(
      ${wallets.map((wallet) => wallet.id)}::bigint[],
      ${timestampArray(wallets.map((wallet) => wallet.fundedAt))}::timestamptz[]) as seen (id, funded_at)
      on seen.id = locked.id and seen.funded_at = locked.funded_at
    where w.id = locked.id
      and not exists (
        select 1 from rental r join account a on a.id = r.account_id
        where r.wallet_id = w.id and ${waiting(sql, now)} and ${inScope(sql, scope)})
    returning 1`;
  return rows.length;
}
