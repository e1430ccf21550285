import { timestampArray } from '../../database/arrays.js';
import type { Sql } from '../../database/connection.js';
import type { Environment } from '../context.js';

export interface WalletRow {
  readonly id: number;
  readonly environment: Environment;
  readonly kind: 'tenant' | 'revenue' | 'deposits';
  readonly accountId: number | null;
  readonly currency: string;
  readonly balanceMinor: number;
  readonly creditLimitMinor: number;
  readonly createdAt: Date;
}

export const walletColumns = (sql: Sql) => sql`
  id, environment, kind, account_id as "accountId", currency, balance_minor as "balanceMinor",
  credit_limit_minor as "creditLimitMinor", created_at as "createdAt"`;

/** An account's wallets, first opened first. */
export async function listWalletRows(sql: Sql, accountId: number): Promise<WalletRow[]> {
  return sql<WalletRow[]>`
    select ${walletColumns(sql)} from wallet where account_id = ${accountId} order by id`;
}

/** Locks a wallet; verbs that lock numbers have done so before. */
export async function lockWallet(sql: Sql, walletId: number): Promise<WalletRow | undefined> {
  const [row] = await sql<WalletRow[]>`
    select ${walletColumns(sql)} from wallet where id = ${walletId} for no key update`;
  return row;
}

export async function insertTenantWallet(
  sql: Sql,
  row: {
    environment: Environment;
    accountId: number;
    currency: string;
    creditLimitMinor: number;
    createdAt: Date;
  },
): Promise<void> {
  await sql`
    insert into wallet (environment, kind, account_id, currency, credit_limit_minor, created_at)
    values (${row.environment}, 'tenant', ${row.accountId}, ${row.currency}, ${row.creditLimitMinor}, ${row.createdAt})
    on conflict do nothing`;
}

/** The operator's wallet of a kind; made on first use. */
export async function houseWalletId(
  sql: Sql,
  environment: Environment,
  kind: 'revenue' | 'deposits',
  currency: string,
  at: Date,
): Promise<number> {
  const find = () => sql<{ id: number }[]>`
    select id from wallet
    where environment = ${environment} and kind = ${kind} and currency = ${currency} and account_id is null`;
  const [found] = await find();
  if (found) return found.id;
  await sql`
    insert into wallet (environment, kind, currency, created_at)
    values (${environment}, ${kind}, ${currency}, ${at}) on conflict do nothing`;
  const [made] = await find();
  return made?.id ?? 0;
}

export interface TransferRow {
  readonly debitWalletId: number;
  readonly creditWalletId: number;
  readonly amountMinor: number;
  readonly currency: string;
  readonly kind: 'deposit' | 'rental' | 'release_fee' | 'refund' | 'adjustment' | 'withdrawal';
  readonly rentalId: number | null;
  readonly cycleNumber: number | null;
  readonly reference: string | null;
  readonly requestId: string;
  readonly createdAt: Date;
}

/**
 * Writes transfers, and moves the stored balances by these sums; gives the transfers' ids. Lock order everywhere: tenants
 * by id, then the house by id.
 */
export async function insertTransfersAndMoveBalances(
  sql: Sql,
  rows: readonly TransferRow[],
  deltas: ReadonlyMap<number, number>,
  at: Date,
): Promise<number[]> {
  const ids = [...deltas.keys()];
  const made = await sql<{ id: number }[]>`
    with locked as (
      select id from wallet where id = any(${ids}::bigint[])
      order by (account_id is null), id for no key update
    ), moved as (
      update wallet w
      set balance_minor = w.balance_minor + d.delta,
          funded_at = case when d.delta > 0 and w.account_id is not null then ${at} else w.funded_at end
      from unnest(${ids}::bigint[], ${[...deltas.values()]}::bigint[]) as d(id, delta)
      where w.id = any(array(select id from locked)) and d.id = w.id
    )
    insert into transfer
      (debit_wallet_id, credit_wallet_id, amount_minor, currency, kind, rental_id, cycle_number, reference,
       request_id, created_at)
    select * from unnest(
      ${rows.map((r) => r.debitWalletId)}::bigint[], ${rows.map((r) => r.creditWalletId)}::bigint[],
      ${rows.map((r) => r.amountMinor)}::bigint[], ${rows.map((r) => r.currency)}::text[],
      ${rows.map((r) => r.kind)}::text[], ${rows.map((r) => r.rentalId)}::bigint[],
      ${rows.map((r) => r.cycleNumber)}::int[], ${rows.map((r) => r.reference)}::text[],
      ${rows.map((r) => r.requestId)}::text[], ${timestampArray(rows.map((r) => r.createdAt))}::timestamptz[])
    returning id`;
  return made.map((row) => row.id);
}

export interface LedgerLine {
  readonly id: number;
  readonly kind: TransferRow['kind'];
  readonly amountMinor: number;
  readonly currency: string;
  readonly direction: 'debit' | 'credit';
  readonly rentalId: number | null;
  readonly cycleNumber: number | null;
  readonly reference: string | null;
  readonly createdAt: Date;
}

/** A wallet's transfers, newest first, before a given id. */
export async function listTransferRows(
  sql: Sql,
  walletId: number,
  beforeId: number,
  limit: number,
): Promise<LedgerLine[]> {
  return sql<LedgerLine[]>`
    select id, kind, amount_minor as "amountMinor", currency,
           case when debit_wallet_id = ${walletId} then 'debit' else 'credit' end as direction,
           rental_id as "rentalId", cycle_number as "cycleNumber", reference, created_at as "createdAt"
    from (
      (select * from transfer where debit_wallet_id = ${walletId} and id < ${beforeId} order by id desc limit ${limit})
      union all
      (select * from transfer where credit_wallet_id = ${walletId} and id < ${beforeId} order by id desc limit ${limit})
    ) of_wallet
    order by id desc limit ${limit}`;
}
