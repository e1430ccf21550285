import { timestampArray } from '../../database/arrays.js';
import type { Sql } from '../../database/connection.js';
import type { Change } from './change.js';

/** Writes entries, and that each of them waits for a seal. */
export async function insertAuditEntries(sql: Sql, changes: readonly Change[]): Promise<void> {
  await sql`
    with written as (
      insert into audit_entry
        (at, environment, account_id, actor, action, subject_kind, subject_id, number_id, request_id, details)
      select * from unnest(
        ${timestampArray(changes.map((c) => c.at))}::timestamptz[],
        ${changes.map((c) => c.environment)}::text[]::environment[],
        ${changes.map((c) => c.accountId)}::bigint[],
        ${changes.map((c) => c.actor)}::text[],
        ${changes.map((c) => c.action)}::text[],
        ${changes.map((c) => c.subjectKind)}::text[],
        ${changes.map((c) => c.subjectId)}::bigint[],
        ${changes.map((c) => c.numberId)}::bigint[],
        ${changes.map((c) => c.requestId)}::text[],
        ${changes.map((c) => JSON.stringify(c.details))}::text[]::jsonb[])
      returning id
    )
    insert into audit_waiting (entry_id) select id from written`;
}

/** The outbox: facts for outsiders, written with the change and delivered later. */
export async function insertEvents(sql: Sql, changes: readonly Change[]): Promise<void> {
  await sql`
    insert into event (at, account_id, type, subject_kind, subject_id, payload)
    select * from unnest(
      ${timestampArray(changes.map((c) => c.at))}::timestamptz[],
      ${changes.map((c) => c.accountId)}::bigint[],
      ${changes.map((c) => c.event ?? '')}::text[],
      ${changes.map((c) => c.subjectKind)}::text[],
      ${changes.map((c) => c.subjectId)}::bigint[],
      ${changes.map((c) => JSON.stringify(c.details))}::text[]::jsonb[])`;
}
