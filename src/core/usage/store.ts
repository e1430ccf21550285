import { timestampArray } from '../../database/arrays.js';
import type { Sql, Transaction } from '../../database/connection.js';
import type { Environment } from '../context.js';
import { isStillHeld } from '../number-life-store.js';
import type { CallDirection, CallRecord } from './call-record.js';

/** The SQL of calls coming in, and of the last call of numbers. */

/** A call as it is stored. */
export interface StoredCall extends CallRecord {
  readonly id: number;
}

/**
 * Which of these are numbers of ours. They stay as they are held until the transaction ends: a sale, a release or a
 * decision about the last call comes wholly before these calls, or wholly after them.
 */
export async function keepNumbers(tx: Transaction, numberIds: readonly number[]): Promise<Set<number>> {
  const rows = await tx<{ id: number }[]>`
    select id from number where id = any(${numberIds as number[]}::bigint[]) order by id for share`;
  return new Set(rows.map(({ id }) => id));
}

function factsOf(calls: readonly CallRecord[]): string[] {
  return calls.map((call) => JSON.stringify(call.switchFacts));
}

function timesOrNull(times: readonly (Date | null)[]): (string | null)[] {
  return times.map((time) => (time === null ? null : time.toISOString()));
}

/**
 * Adds the calls whose ids are new, and gives their row ids by call id. In order of call id: of two feeds that tell the
 * same calls at once, one waits for the other and neither for both.
 */
export async function insertCalls(
  tx: Transaction,
  environment: Environment,
  calls: readonly CallRecord[],
  now: Date,
): Promise<Map<string, number>> {
  const rows = await tx<{ id: number; callId: string }[]>`
    insert into call
      (environment, call_id, direction, from_digits, to_digits, started_at, answered_at, ended_at, duration_seconds,
       billable_seconds, hangup_cause, switch_facts, recorded_at, updated_at)
    select ${environment}::environment, told.*, ${now}, ${now}
    from unnest(
      ${calls.map((call) => call.callId)}::text[],
      ${calls.map((call) => call.direction)}::text[],
      ${calls.map((call) => call.fromDigits)}::bigint[],
      ${calls.map((call) => call.toDigits)}::bigint[],
      ${timestampArray(calls.map((call) => call.startedAt))}::timestamptz[],
      ${timesOrNull(calls.map((call) => call.answeredAt))}::text[]::timestamptz[],
      ${timesOrNull(calls.map((call) => call.endedAt))}::text[]::timestamptz[],
      ${calls.map((call) => call.durationSeconds)}::int[],
      ${calls.map((call) => call.billableSeconds)}::int[],
      ${calls.map((call) => call.hangupCause)}::text[],
      ${factsOf(calls)}::text[]::jsonb[]) as told(call_id)
    order by told.call_id
    on conflict (environment, call_id) do nothing
    returning id, call_id as "callId"`;
  return new Map(rows.map(({ id, callId }) => [callId, id]));
}

export async function lockCalls(
  tx: Transaction,
  environment: Environment,
  callIds: readonly string[],
): Promise<StoredCall[]> {
  if (callIds.length === 0) return [];
  return tx<StoredCall[]>`
    select id, call_id as "callId", direction, from_digits as "fromDigits", to_digits as "toDigits",
           started_at as "startedAt", answered_at as "answeredAt", ended_at as "endedAt",
           duration_seconds as "durationSeconds", billable_seconds as "billableSeconds", hangup_cause as "hangupCause",
           switch_facts as "switchFacts"
    from call
    where environment = ${environment} and call_id = any(${callIds as string[]}::text[])
    order by call_id for update`;
}

/** A leg of a call that is a number of ours. */
export interface Leg {
  readonly callRowId: number;
  readonly numberId: number;
  readonly direction: CallDirection;
}

/** Adds the legs of calls that were just added, each under the account that held its number when the call began. */
export async function insertParties(tx: Transaction, legs: readonly Leg[]): Promise<void> {
  if (legs.length === 0) return;
  await tx`
    insert into call_party (call_id, number_id, account_id, direction, started_at, in_progress)
    select c.id, leg.number_id, holder.account_id, leg.direction, c.started_at, c.ended_at is null
    from unnest(
      ${legs.map((leg) => leg.callRowId)}::bigint[],
      ${legs.map((leg) => leg.numberId)}::bigint[],
      ${legs.map((leg) => leg.direction)}::text[]) as leg(call_id, number_id, direction)
    join call c on c.id = leg.call_id
    left join lateral (
      -- Whoever held the rental when the call began: the giver of the first move after that, else its holder now.
      select coalesce(
        (select m.from_account_id from rental_move m
         where m.rental_id = r.id and m.moved_at > c.started_at order by m.id limit 1),
        r.account_id) as account_id
      from rental r
      where r.number_id = leg.number_id and r.started_at <= c.started_at
        and c.started_at < coalesce(r.ended_at, 'infinity')
        and ${isStillHeld(tx, 'r', tx`c.started_at`)}
      order by r.started_at desc
      limit 1
    ) holder on true`;
}

/** Writes what has become of calls that were in progress. */
export async function updateCalls(tx: Transaction, calls: readonly StoredCall[], now: Date): Promise<void> {
  if (calls.length === 0) return;
  await tx`
    update call c
    set answered_at = told.answered_at, ended_at = told.ended_at, duration_seconds = told.duration_seconds,
        billable_seconds = told.billable_seconds, hangup_cause = told.hangup_cause, switch_facts = told.switch_facts,
        updated_at = ${now}
    from unnest(
      ${calls.map((call) => call.id)}::bigint[],
      ${timesOrNull(calls.map((call) => call.answeredAt))}::text[]::timestamptz[],
      ${timesOrNull(calls.map((call) => call.endedAt))}::text[]::timestamptz[],
      ${calls.map((call) => call.durationSeconds)}::int[],
      ${calls.map((call) => call.billableSeconds)}::int[],
      ${calls.map((call) => call.hangupCause)}::text[],
      ${factsOf(calls)}::text[]::jsonb[])
      as told(id, answered_at, ended_at, duration_seconds, billable_seconds, hangup_cause, switch_facts)
    where c.id = told.id`;
  const ended = calls.filter((call) => call.endedAt !== null).map((call) => call.id);
  await tx`update call_party set in_progress = false where call_id = any(${ended}::bigint[])`;
}

/** The start of the latest call of each number, and whether one of its calls goes on; a number without calls is absent. */
export async function findLastCalls(
  sql: Sql,
  numberIds: readonly number[],
): Promise<{ numberId: number; startedAt: Date; inProgress: boolean }[]> {
  return sql<{ numberId: number; startedAt: Date; inProgress: boolean }[]>`
    select asked.id as "numberId", latest.started_at as "startedAt",
           exists (select 1 from call_party p where p.number_id = asked.id and p.in_progress) as "inProgress"
    from unnest(${numberIds as number[]}::bigint[]) as asked(id)
    cross join lateral (
      select p.started_at from call_party p
      where p.number_id = asked.id
      order by p.started_at desc
      limit 1
    ) latest`;
}
