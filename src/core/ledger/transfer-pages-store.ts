import type postgres from 'postgres';
import type { Sql } from '../../database/connection.js';
import type { LedgerLine, TransferRow } from './store.js';

/** The SQL of numbered pages of transfers over several wallets, and of the figures of all that fit. */

export type TransferKind = TransferRow['kind'];

export interface TransferFilters {
  readonly transferId?: number | undefined;
  readonly currency?: string | undefined;
  readonly direction?: LedgerLine['direction'] | undefined;
  readonly kinds?: readonly TransferKind[] | undefined;
  readonly createdFrom?: Date | undefined;
  /** Not included. */
  readonly createdUntil?: Date | undefined;
  /** The transfer is for a rental of this number. */
  readonly numberId?: number | undefined;
  /** A run of characters in the reference, in any case of letters. */
  readonly reference?: string | undefined;
  /** A run of characters in the name that a surface gives to the kind, a blank, and the reference. */
  readonly description?: {
    readonly contains: string;
    readonly names: Readonly<Record<TransferKind, string>>;
  };
}

/** A transfer as one of its wallets sees it. */
export interface TransferLine extends LedgerLine {
  readonly walletId: number;
  /** The number of the rental that it is for. */
  readonly numberId: number | null;
}

export interface TransferSum {
  readonly kind: TransferKind;
  readonly direction: LedgerLine['direction'];
  readonly currency: string;
  readonly count: number;
  readonly amountMinor: number;
}

type Fragment = postgres.PendingQuery<postgres.Row[]>;

/** A run of characters as it is, whatever `like` would make of it. */
function anywhere(text: string): string {
  return `%${text.replace(/[\\%_]/g, '\\$&')}%`;
}

/** Whose transfers: those of some wallets, and of wallets that are not its own perhaps only some. */
export interface TransferScope {
  readonly walletIds: readonly number[];
  readonly ownIds: readonly number[];
  /** Of other wallets only what was moved for rentals that this account held then. */
  readonly onlyHeldBy?: number | undefined;
}

/** A move of the same instant comes after what was paid: the price of a number that is bought and handed over. */
function inScope(sql: Sql, { ownIds, onlyHeldBy }: TransferScope): Fragment {
  if (onlyHeldBy === undefined) return sql``;
  const own = sql`any(${ownIds as number[]}::bigint[])`;
  return sql`
    and (t.debit_wallet_id = ${own} or t.credit_wallet_id = ${own} or ${onlyHeldBy} = coalesce(
      (select m.from_account_id from rental_move m
       where m.rental_id = t.rental_id and m.moved_at >= t.created_at order by m.id limit 1),
      (select r.account_id from rental r where r.id = t.rental_id)))`;
}

function fits(sql: Sql, scope: TransferScope, filters: TransferFilters): Fragment {
  const { transferId, currency, kinds, createdFrom, createdUntil, numberId, reference, description } =
    filters;
  const nothing = sql``;
  const names = Object.entries(description?.names ?? {});
  return sql`
    ${inScope(sql, scope)}
    ${transferId === undefined ? nothing : sql`and t.id = ${transferId}`}
    ${currency === undefined ? nothing : sql`and t.currency = ${currency}`}
    ${kinds === undefined ? nothing : sql`and t.kind = any(${kinds as string[]}::text[])`}
    ${createdFrom === undefined ? nothing : sql`and t.created_at >= ${createdFrom}`}
    ${createdUntil === undefined ? nothing : sql`and t.created_at < ${createdUntil}`}
    ${
      numberId === undefined
        ? nothing
        : sql`and t.rental_id in (select id from rental where number_id = ${numberId})`
    }
    ${reference === undefined ? nothing : sql`and t.reference ilike ${anywhere(reference)}`}
    ${
      description === undefined
        ? nothing
        : sql`and concat_ws(' ',
            (select name from unnest(${names.map(([kind]) => kind)}::text[], ${names.map(([, name]) => name)}::text[])
               as named (kind, name) where named.kind = t.kind),
            t.reference) ilike ${anywhere(description.contains)}`
    }`;
}

/** Each wallet and side gives the head of its own list, so that an index walk for each is enough. */
export async function findTransferPage(
  sql: Sql,
  scope: TransferScope,
  filters: TransferFilters,
  { offset, limit }: { readonly offset: number; readonly limit: number },
): Promise<TransferLine[]> {
  const side = (column: 'debit_wallet_id' | 'credit_wallet_id'): Fragment => sql`
    (select t.* from transfer t where t.${sql(column)} = w.id ${fits(sql, scope, filters)}
     order by t.id desc limit ${offset + limit})`;
  const { direction = null } = filters;
  return sql<TransferLine[]>`
    select t.id, t.kind, t.amount_minor as "amountMinor", t.currency, t.direction, t.rental_id as "rentalId",
           t.cycle_number as "cycleNumber", t.reference, t.created_at as "createdAt", t.wallet_id as "walletId",
           r.number_id as "numberId"
    from (
      select head.*, w.id as wallet_id
      from unnest(${scope.walletIds as number[]}::bigint[]) as w (id)
      cross join lateral (
        select 'debit' as direction, d.* from ${side('debit_wallet_id')} d
        where ${direction}::text is null or ${direction}::text = 'debit'
        union all
        select 'credit' as direction, c.* from ${side('credit_wallet_id')} c
        where ${direction}::text is null or ${direction}::text = 'credit'
      ) head
      order by head.id desc offset ${offset} limit ${limit}
    ) t
    left join rental r on r.id = t.rental_id
    order by t.id desc`;
}

/** Figures of what fits among the latest entries, and whether there are older ones that were not looked at. */
export interface TransferSums {
  readonly sums: TransferSum[];
  readonly isExact: boolean;
}

/** Sums up what fits among the latest `lookedAtMax` entries of each wallet and side. */
export async function sumTransfers(
  sql: Sql,
  scope: TransferScope,
  filters: TransferFilters,
  lookedAtMax: number,
): Promise<TransferSums> {
  const { direction = null } = filters;
  const side = (
    column: 'debit_wallet_id' | 'credit_wallet_id',
    name: LedgerLine['direction'],
  ): Fragment => sql`
    (select w.id as wallet_id, ${name}::text as direction, t.* from transfer t
     where t.${sql(column)} = w.id and (${direction}::text is null or ${direction}::text = ${name}::text)
     order by t.id desc limit ${lookedAtMax})`;
  const [row] = await sql<TransferSums[]>`
    with looked_at as materialized (
      select side.* from unnest(${scope.walletIds as number[]}::bigint[]) as w (id)
      cross join lateral (
        ${side('debit_wallet_id', 'debit')} union all ${side('credit_wallet_id', 'credit')}) side
    ), fitting as (
      select t.kind, t.direction, t.currency, count(*) as count, sum(t.amount_minor)::bigint as amount
      from looked_at t where true ${fits(sql, scope, filters)}
      group by t.kind, t.direction, t.currency
    )
    select coalesce((
             select jsonb_agg(jsonb_build_object('kind', kind, 'direction', direction, 'currency', currency,
               'count', count, 'amountMinor', amount) order by kind, direction, currency) from fitting), '[]') as sums,
           not exists (
             select from looked_at group by wallet_id, direction having count(*) = ${lookedAtMax}) as "isExact"`;
  return row ?? { sums: [], isExact: true };
}
