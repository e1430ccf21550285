import type postgres from 'postgres';
import type { Sql } from '../../database/connection.js';
import { isStillHeld } from '../number-life-store.js';
import type { CallDirection, CallRecord, SwitchFacts } from './call-record.js';

/** The SQL of calls as an account sees them: through its legs, which carry the account and the start. */

/** A call as one account sees it: `numberId` is its own number of the two, and `direction` is seen from there. */
export interface CallRow extends CallRecord {
  /** For cursors; callId names the call. */
  readonly id: number;
  readonly numberId: number;
  readonly accountId: number;
  /** Its public id. */
  readonly account: string;
  readonly recordedAt: Date;
  readonly updatedAt: Date;
}

export interface CallFilters {
  /** Digits of the calling and of the called number. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  readonly startedFrom?: Date | undefined;
  /** Not included. */
  readonly startedUntil?: Date | undefined;
  readonly direction?: CallDirection | undefined;
  readonly minDurationSeconds?: number | undefined;
  /** The account's own number. */
  readonly numberId?: number | undefined;
  /** Last digits of the calling and of the called number: as they are dialled without a country code. */
  readonly fromEnd?: string | undefined;
  readonly toEnd?: string | undefined;
  /** In any case of letters. */
  readonly hangupCause?: string | undefined;
  readonly switchFacts?: SwitchFacts | undefined;
  /** A run of characters in a number or an id of the call. */
  readonly text?: string | undefined;
}

/** The last call of a page: the next one starts behind it. */
export interface CallPosition {
  readonly startedAt: Date;
  readonly id: number;
}

type Fragment = postgres.PendingQuery<postgres.Row[]>;

const callColumns = (sql: Sql): Fragment => sql`
  c.id, c.call_id as "callId", p.direction, c.from_digits as "fromDigits", c.to_digits as "toDigits",
  c.started_at as "startedAt", c.answered_at as "answeredAt", c.ended_at as "endedAt",
  c.duration_seconds as "durationSeconds", c.billable_seconds as "billableSeconds",
  c.hangup_cause as "hangupCause", c.switch_facts as "switchFacts", c.recorded_at as "recordedAt",
  c.updated_at as "updatedAt", p.number_id as "numberId", p.account_id as "accountId",
  a.public_id as account`;

function conditions(sql: Sql, accountIds: readonly number[], filters: CallFilters): Fragment {
  const { from, to, startedFrom, startedUntil, direction, minDurationSeconds, numberId } = filters;
  const { fromEnd, toEnd, hangupCause, switchFacts, text } = filters;
  const nothing = sql``;
  return sql`
    ${from === undefined ? nothing : sql`and c.from_digits = ${from}`}
    ${to === undefined ? nothing : sql`and c.to_digits = ${to}`}
    ${startedFrom === undefined ? nothing : sql`and p.started_at >= ${startedFrom}`}
    ${startedUntil === undefined ? nothing : sql`and p.started_at < ${startedUntil}`}
    ${direction === undefined ? nothing : sql`and p.direction = ${direction}`}
    ${minDurationSeconds === undefined ? nothing : sql`and c.duration_seconds >= ${minDurationSeconds}`}
    ${numberId === undefined ? nothing : sql`and p.number_id = ${numberId}`}
    ${fromEnd === undefined ? nothing : sql`and c.from_digits::text like ${`%${fromEnd}`}`}
    ${toEnd === undefined ? nothing : sql`and c.to_digits::text like ${`%${toEnd}`}`}
    ${hangupCause === undefined ? nothing : sql`and lower(c.hangup_cause) = lower(${hangupCause})`}
    ${switchFacts === undefined ? nothing : sql`and c.switch_facts @> ${sql.json({ ...switchFacts })}`}
    ${text === undefined ? nothing : containing(sql, text)}
    ${direction === undefined && numberId === undefined ? onceEach(sql, accountIds) : nothing}`;
}

function containing(sql: Sql, text: string): Fragment {
  const pattern = `%${text.replace(/[\\%_]/g, '\\$&')}%`;
  return sql`
    and (c.call_id ilike ${pattern} or c.switch_facts->>'sipCallId' ilike ${pattern}
      or c.switch_facts->>'bridgeId' ilike ${pattern} or c.from_digits::text like ${pattern}
      or c.to_digits::text like ${pattern})`;
}

/** A call between two numbers of these accounts is listed once, as the outbound call that it is. */
function onceEach(sql: Sql, accountIds: readonly number[]): Fragment {
  return sql`
    and not (p.direction = 'inbound' and exists (
      select 1 from call_party other
      where other.call_id = p.call_id and other.number_id <> p.number_id
        and other.account_id = any(${accountIds as number[]}::bigint[])))`;
}

export async function findSubAccountIds(sql: Sql, parentId: number): Promise<number[]> {
  const rows = await sql<{ id: number }[]>`select id from account where parent_id = ${parentId}`;
  return rows.map(({ id }) => id);
}

/** Newest first. Each account gives the head of its own list, so that one index walk per account is enough. */
export async function findCalls(
  sql: Sql,
  accountIds: readonly number[],
  filters: CallFilters,
  page: { readonly after?: CallPosition | undefined; readonly offset: number; readonly limit: number },
): Promise<CallRow[]> {
  const { after, offset, limit } = page;
  const behind =
    after === undefined
      ? sql``
      : sql`and (p.started_at, p.call_id) < (${after.startedAt}, ${after.id}::bigint)`;
  return sql<CallRow[]>`
    select found.*
    from account a
    cross join lateral (
      select ${callColumns(sql)}
      from call_party p join call c on c.id = p.call_id
      where p.account_id = a.id ${behind} ${conditions(sql, accountIds, filters)}
      order by p.started_at desc, p.call_id desc
      limit ${offset + limit}
    ) found
    where a.id = any(${accountIds as number[]}::bigint[])
    order by found."startedAt" desc, found.id desc
    limit ${limit} offset ${offset}`;
}

export async function findCall(
  sql: Sql,
  accountIds: readonly number[],
  callId: string,
): Promise<CallRow | undefined> {
  const [row] = await sql<CallRow[]>`
    select ${callColumns(sql)}
    from account a
    join call c on c.environment = a.environment and c.call_id = ${callId}
    join call_party p on p.call_id = c.id and p.account_id = a.id
    where a.id = any(${accountIds as number[]}::bigint[])
    order by p.direction desc
    limit 1`;
  return row;
}

export interface CallSums {
  readonly calls: number;
  readonly answered: number;
  readonly durationSeconds: number;
  readonly billableSeconds: number;
  readonly latestStart: Date | null;
  readonly inProgress: boolean;
  /** False where there are calls that were not looked at. */
  readonly isExact: boolean;
}

const noCalls: CallSums = {
  calls: 0,
  answered: 0,
  durationSeconds: 0,
  billableSeconds: 0,
  latestStart: null,
  inProgress: false,
  isExact: true,
};

/** Sums up what fits among `lookedAtMax` calls of the times and the number asked for; of one account, the latest. */
export async function sumCalls(
  sql: Sql,
  accountIds: readonly number[],
  filters: CallFilters,
  lookedAtMax: number,
): Promise<CallSums> {
  const { startedFrom, startedUntil, numberId } = filters;
  const [row] = await sql<CallSums[]>`
    with looked_at as materialized (
      select leg.* from account a
      cross join lateral (
        select p.* from call_party p
        where p.account_id = a.id
          ${startedFrom === undefined ? sql`` : sql`and p.started_at >= ${startedFrom}`}
          ${startedUntil === undefined ? sql`` : sql`and p.started_at < ${startedUntil}`}
          ${numberId === undefined ? sql`` : sql`and p.number_id = ${numberId}`}
        order by p.started_at desc, p.call_id desc limit ${lookedAtMax}
      ) leg
      where a.id = any(${accountIds as number[]}::bigint[])
      limit ${lookedAtMax}
    )
    select count(*) as calls, count(c.answered_at) as answered,
           coalesce(sum(c.duration_seconds), 0)::bigint as "durationSeconds",
           coalesce(sum(c.billable_seconds), 0)::bigint as "billableSeconds",
           max(p.started_at) as "latestStart", coalesce(bool_or(p.in_progress), false) as "inProgress",
           (select count(*) from looked_at) < ${lookedAtMax} as "isExact"
    from looked_at p
    cross join lateral (select * from call where call.id = p.call_id offset 0) c
    where true ${conditions(sql, accountIds, filters)}`;
  return row ?? noCalls;
}

/** Who holds a number now, and since when: nobody once a release is past its window. */
export async function findHolder(
  sql: Sql,
  numberId: number,
  now: Date,
): Promise<{ accountId: number; parentId: number | null; since: Date } | undefined> {
  const [row] = await sql<{ accountId: number; parentId: number | null; since: Date }[]>`
    select r.account_id as "accountId", a.parent_id as "parentId", r.started_at as since
    from rental r join account a on a.id = r.account_id
    where r.number_id = ${numberId} and r.ended_at is null
      and ${isStillHeld(sql, 'r', now)}`;
  return row;
}

export interface HealthRow {
  readonly startsAt: Date;
  readonly totalCalls: number;
  readonly answeredCalls: number;
  readonly endedCalls: number;
  readonly failedCalls: number;
  readonly totalDurationSeconds: number;
}

/** A row per UTC day or hour in which calls of the number began under this account, oldest first. */
export async function countByPeriod(
  sql: Sql,
  input: { numberId: number; accountId: number; from: Date; unit: 'day' | 'hour' },
): Promise<HealthRow[]> {
  return sql<HealthRow[]>`
    select date_trunc(${input.unit}, p.started_at, 'UTC') as "startsAt", count(*) as "totalCalls",
           count(c.answered_at) as "answeredCalls", count(c.ended_at) as "endedCalls",
           count(*) filter (where c.ended_at is not null and c.answered_at is null) as "failedCalls",
           coalesce(sum(c.duration_seconds), 0)::bigint as "totalDurationSeconds"
    from call_party p join call c on c.id = p.call_id
    where p.number_id = ${input.numberId} and p.started_at >= ${input.from} and p.account_id = ${input.accountId}
    group by 1
    order by 1`;
}
