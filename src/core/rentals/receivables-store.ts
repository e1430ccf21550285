import type { Sql } from '../../database/connection.js';
import type { Environment } from '../context.js';
import { cycleStart, hoursPer28d } from './owed-store.js';

/** The SQL of what all tenants together will be charged, and have not paid. */

/** What falls due on one day (UTC) in one currency. */
export interface DueDayRow {
  readonly day: string;
  readonly currency: string;
  readonly charges: number;
  readonly amountMinor: number;
}

/** Charges of all rentals that go on, by day; accounts on test clocks have days of their own and are left out. */
export async function sumDueByDay(
  sql: Sql,
  scope: { readonly environment: Environment; readonly from: Date; readonly until: Date },
): Promise<DueDayRow[]> {
  const { environment, from, until } = scope;
  return sql<DueDayRow[]>`
    select to_char(charge.due_at at time zone 'UTC', 'YYYY-MM-DD') as day, r.currency, count(*) as charges,
           sum(r.recurring_minor)::bigint as "amountMinor"
    from rental r
    join account a on a.id = r.account_id and a.environment = ${environment} and a.clock_id is null
    cross join lateral generate_series(0, greatest(0, floor(
      extract(epoch from ${until}::timestamptz - r.next_charge_at) / (${hoursPer28d} * 3600))::int)) as later
    cross join lateral (select ${cycleStart(sql, sql`(r.cycle_number + 1 + later)`)} as due_at) charge
    where r.ended_at is null and r.state <> 'pending_release' and not r.on_clock
      and coalesce(r.retry_at, r.next_charge_at) <= ${until}
      and charge.due_at > ${from} and charge.due_at <= ${until}
    group by day, r.currency
    order by day, r.currency`;
}

/** A rental that could not be charged. */
export interface PastDueRow {
  readonly rentalId: number;
  readonly numberId: number;
  readonly account: string;
  readonly accountName: string;
  readonly amountMinor: number;
  readonly currency: string;
  readonly since: Date;
  readonly retryAt: Date | null;
}

/** The longest overdue first, behind a position. */
export async function listPastDueRows(
  sql: Sql,
  page: {
    readonly environment: Environment;
    readonly after: { readonly at: Date; readonly id: number } | undefined;
    readonly limit: number;
  },
): Promise<PastDueRow[]> {
  const { environment, after, limit } = page;
  return sql<PastDueRow[]>`
    select r.id as "rentalId", r.number_id as "numberId", a.public_id as account, a.name as "accountName",
           r.recurring_minor as "amountMinor", r.currency, r.past_due_since as since, r.retry_at as "retryAt"
    from rental r join account a on a.id = r.account_id
    where r.past_due_since is not null and r.ended_at is null and a.environment = ${environment}
      ${after === undefined ? sql`` : sql`and (r.past_due_since, r.id) > (${after.at}, ${after.id}::bigint)`}
    order by r.past_due_since, r.id
    limit ${limit}`;
}
