import type postgres from 'postgres';
import type { Sql } from '../../database/connection.js';
import type { BillingCycle } from '../billing/index.js';

/** The SQL of charges that fall due later: the same calendar as billing-cycle.ts has. */

export interface OwedScope {
  readonly accountId: number;
  readonly until: Date;
}

/** A charge that falls due; several of one rental are in order of their cycles. */
export interface UpcomingChargeRow {
  readonly rentalId: number;
  readonly numberId: number;
  readonly dueAt: Date;
  readonly amountMinor: number;
  readonly currency: string;
}

export interface OwedSum {
  readonly currency: string;
  readonly amountMinor: number;
}

type Fragment = postgres.PendingQuery<postgres.Row[]>;

const is28d = (sql: Sql) => sql`r.cycle = ${'28d' satisfies BillingCycle}`;
export const hoursPer28d = 672;

/** The account's open rentals that are charged by then; one that is being released is not charged again. */
const charged = (sql: Sql, { accountId, until }: OwedScope): Fragment => sql`
  r.account_id = ${accountId} and r.ended_at is null and r.state <> 'pending_release' and r.next_charge_at <= ${until}`;

/** When a cycle begins, in UTC whatever the session's zone. */
export const cycleStart = (sql: Sql, cycle: Fragment): Fragment => sql`
  case when ${is28d(sql)} then r.started_at + ${cycle} * make_interval(hours => ${hoursPer28d})
       else (r.started_at at time zone 'UTC' + make_interval(months => ${cycle})) at time zone 'UTC' end`;

/** A page of charges behind one, the earliest first; a cycle has 28 days at least, so that bounds how many there are. */
export async function findUpcomingCharges(
  sql: Sql,
  scope: OwedScope,
  page: { readonly after: { readonly at: Date; readonly id: number } | undefined; readonly limit: number },
): Promise<UpcomingChargeRow[]> {
  const { after, limit } = page;
  return sql<UpcomingChargeRow[]>`
    select r.id as "rentalId", r.number_id as "numberId", charge.due_at as "dueAt",
           r.recurring_minor as "amountMinor", r.currency
    from rental r
    cross join lateral generate_series(0, floor(
      extract(epoch from ${scope.until}::timestamptz - r.next_charge_at) / (${hoursPer28d} * 3600))::int) as later
    cross join lateral (select ${cycleStart(sql, sql`(r.cycle_number + 1 + later)`)} as due_at) charge
    where ${charged(sql, scope)} and charge.due_at <= ${scope.until}
      ${after === undefined ? sql`` : sql`and (charge.due_at, r.id) > (${after.at}, ${after.id}::bigint)`}
    order by charge.due_at, r.id
    limit ${limit}`;
}

/** What all charges come to, per currency: counted, not listed. */
export async function sumUpcomingCharges(sql: Sql, scope: OwedScope): Promise<OwedSum[]> {
  const utc = sql`${scope.until}::timestamptz at time zone 'UTC'`;
  return sql<OwedSum[]>`
    select r.currency, sum(r.recurring_minor * (cycles.begun - r.cycle_number))::bigint as "amountMinor"
    from rental r
    cross join lateral (
      select ((extract(year from ${utc}) - extract(year from r.started_at at time zone 'UTC')) * 12
             + extract(month from ${utc}) - extract(month from r.started_at at time zone 'UTC'))::int as apart
    ) months
    cross join lateral (
      select case when ${is28d(sql)}
        then floor(extract(epoch from ${scope.until}::timestamptz - r.started_at) / (${hoursPer28d} * 3600))::int
        else months.apart
          - (r.started_at at time zone 'UTC' + make_interval(months => months.apart) > ${utc})::int end as begun
    ) cycles
    where ${charged(sql, scope)}
    group by r.currency
    order by r.currency`;
}
