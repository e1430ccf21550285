import type { Sql } from '../../database/connection.js';
import type { Idempotency } from '../context.js';
import type { IdempotencyRecord, StoredOutcome, Subject } from './record.js';

/** True when the key was free; a concurrent claim of the same key waits here for the other transaction's end. */
export async function claimKey(
  sql: Sql,
  accountId: number,
  { key, requestHash }: Idempotency,
  at: Date,
): Promise<boolean> {
  const rows = await sql`
    insert into idempotency (account_id, key, request_hash, created_at)
    values (${accountId}, ${key}, ${requestHash}, ${at})
    on conflict (account_id, key) do nothing
    returning 1`;
  return rows.length === 1;
}

export async function settleKey(
  sql: Sql,
  accountId: number,
  key: string,
  outcome: StoredOutcome,
  subject: Subject | null,
): Promise<void> {
  await sql`
    update idempotency
    set outcome = ${JSON.stringify(outcome)}::text::jsonb,
        subject_kind = ${subject?.kind ?? null}, subject_id = ${subject?.id ?? null}
    where account_id = ${accountId} and key = ${key}`;
}

export async function loadRecord(
  sql: Sql,
  accountId: number,
  key: string,
): Promise<IdempotencyRecord | undefined> {
  const [row] = await sql<IdempotencyRecord[]>`
    select request_hash as "requestHash", outcome from idempotency
    where account_id = ${accountId} and key = ${key}`;
  return row;
}

/** Marks those of the oldest records that belong to accounts on test clocks: the index by age leaves them out. */
export async function setClocksAside(sql: Sql, now: Date, limit: number): Promise<void> {
  await sql`
    update idempotency i set on_clock = true
    from (
      select account_id, key from idempotency
      where not on_clock and created_at <= ${now}::timestamptz - interval '1 second' * (
        select min(value) from policy where name = 'idempotency_seconds')
      order by created_at limit ${limit} for no key update skip locked) met
    join account a on a.id = met.account_id
    where a.clock_id is not null and i.account_id = met.account_id and i.key = met.key`;
}

/**
 * Deletes the oldest records that are past their keeping time, a bounded number; the accounts are those on a test clock,
 * or all others. Records of the operator, who has no account, are kept as long as live ones.
 */
export async function deleteOldRecords(
  sql: Sql,
  clockId: number | null,
  now: Date,
  limit: number,
): Promise<number> {
  const rows = await sql`
    with old as (
      select i.account_id, i.key
      from idempotency i left join account a on a.id = i.account_id
      where ${clockId === null ? sql`a.clock_id is null and not i.on_clock` : sql`a.clock_id = ${clockId}`}
        and i.created_at <= ${now}::timestamptz - interval '1 second' * (
          select min(value) from policy where name = 'idempotency_seconds')
        and i.created_at + interval '1 second' * (
          select value from policy
          where name = 'idempotency_seconds' and environment = coalesce(a.environment, 'live') and country = ''
        ) <= ${now}
      order by i.created_at limit ${limit}
      for update of i skip locked
    )
    delete from idempotency i using old where i.account_id = old.account_id and i.key = old.key
    returning 1`;
  return rows.length;
}
