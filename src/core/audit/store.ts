import { timestampArray } from '../../database/arrays.js';
import type { Sql } from '../../database/connection.js';
import type { Change } from './change.js';

/**
 * Writes entries, that each of them waits for a seal, and the outbox: facts for outsiders, delivered later. An event is
 * written for changes that name one and belong to an account.
 */
export async function insertChanges(sql: Sql, changes: readonly Change[]): Promise<void> {
  await sql`
    with made as materialized (
      select * from unnest(
        ${timestampArray(changes.map((c) => c.at))}::timestamptz[],
        ${changes.map((c) => c.environment)}::text[]::environment[],
        ${changes.map((c) => c.accountId)}::bigint[], ${changes.map((c) => c.actor)}::text[],
        ${changes.map((c) => c.action)}::text[], ${changes.map((c) => c.subjectKind)}::text[],
        ${changes.map((c) => c.subjectId)}::bigint[], ${changes.map((c) => c.numberId)}::bigint[],
        ${changes.map((c) => c.requestId)}::text[],
        ${changes.map((c) => JSON.stringify(c.details))}::text[]::jsonb[],
        ${changes.map((c) => c.event ?? null)}::text[])
        as c (at, environment, account_id, actor, action, subject_kind, subject_id, number_id, request_id, details, event)
    ), written as (
      insert into audit_entry
        (at, environment, account_id, actor, action, subject_kind, subject_id, number_id, request_id, details)
      select at, environment, account_id, actor, action, subject_kind, subject_id, number_id, request_id, details
      from made
      returning id
    ), told as (
      insert into event (at, account_id, type, subject_kind, subject_id, payload)
      select at, account_id, event, subject_kind, subject_id, details
      from made where event is not null and account_id is not null
    )
    insert into audit_waiting (entry_id) select id from written`;
}
