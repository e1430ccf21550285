import type { Sql } from '../../database/connection.js';
import type { Environment } from '../context.js';

/** The SQL of revenue: what the operator's revenue wallets took in and gave back, by the dates of the transfers. */

export type RevenueDimension = 'month' | 'country' | 'type' | 'account';

export interface RevenueScope {
  readonly environment: Environment;
  readonly from: Date;
  /** Not included. */
  readonly until: Date;
}

/** Sums of one currency; a dimension that was not asked for is null, as is the place of what belongs to no rental. */
export interface RevenueRow {
  readonly month: string | null;
  readonly country: string | null;
  readonly type: string | null;
  /** Public id and name of the account that paid. */
  readonly account: string | null;
  readonly accountName: string | null;
  readonly currency: string;
  readonly rentalsMinor: number;
  readonly releaseFeesMinor: number;
  readonly refundsMinor: number;
  /** Positive where tenants were charged more. */
  readonly adjustmentsMinor: number;
  readonly totalMinor: number;
}

export async function sumRevenue(
  sql: Sql,
  { environment, from, until }: RevenueScope,
  by: readonly RevenueDimension[],
  page: { readonly offset: number; readonly limit: number },
): Promise<RevenueRow[]> {
  const has = (dimension: RevenueDimension): boolean => by.includes(dimension);
  const side = (own: 'credit_wallet_id' | 'debit_wallet_id', other: string, sign: 1 | -1) => sql`
    select ${sign}::int as sign, t.kind, t.amount_minor as minor, t.currency, t.rental_id, t.created_at,
           t.${sql(other)} as wallet_id
    from transfer t
    where t.${sql(own)} in (select id from wallet where kind = 'revenue' and environment = ${environment} and account_id is null)
      and t.created_at >= ${from} and t.created_at < ${until}`;
  return sql<RevenueRow[]>`
    select month, country, type, account, "accountName", currency,
           coalesce(sum(minor) filter (where kind = 'rental'), 0)::bigint as "rentalsMinor",
           coalesce(sum(minor) filter (where kind = 'release_fee'), 0)::bigint as "releaseFeesMinor",
           coalesce(-sum(sign * minor) filter (where kind = 'refund'), 0)::bigint as "refundsMinor",
           coalesce(sum(sign * minor) filter (where kind = 'adjustment'), 0)::bigint as "adjustmentsMinor",
           sum(sign * minor)::bigint as "totalMinor"
    from (
      select m.sign, m.kind, m.minor, m.currency,
             ${has('month') ? sql`to_char(m.created_at at time zone 'UTC', 'YYYY-MM')` : sql`null::text`} as month,
             ${has('country') ? sql`g.country` : sql`null::text`} as country,
             ${has('type') ? sql`g.type::text` : sql`null::text`} as type,
             ${has('account') ? sql`a.public_id` : sql`null::text`} as account,
             ${has('account') ? sql`a.name` : sql`null::text`} as "accountName"
      from (${side('credit_wallet_id', 'debit_wallet_id', 1)} union all ${side('debit_wallet_id', 'credit_wallet_id', -1)}) m
      ${
        has('country') || has('type')
          ? sql`left join rental r on r.id = m.rental_id left join number_group g on g.id = r.group_id`
          : sql``
      }
      ${has('account') ? sql`left join wallet w on w.id = m.wallet_id left join account a on a.id = w.account_id` : sql``}
    ) moved
    group by month, country, type, account, "accountName", currency
    order by month, country, type, account, currency
    offset ${page.offset} limit ${page.limit}`;
}
