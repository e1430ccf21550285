import type postgres from 'postgres';
import type { Sql } from '../../database/connection.js';

/**
 * How entries and seals are hashed, as SQL: the sealing job and `numex verify` compute the same. What is written here
 * never changes, or seals that exist could not be checked any more. docs/operations/audit.md has it in words.
 */

type Fragment = postgres.PendingQuery<postgres.Row[]>;

const microseconds = (sql: Sql, at: Fragment): Fragment => sql`(extract(epoch from ${at}) * 1000000)::bigint`;

/** SHA-256 of the audit entry `e`. */
export const entryDigest = (sql: Sql): Fragment => sql`
  sha256(convert_to(jsonb_build_array(
    e.id, ${microseconds(sql, sql`e.at`)}, e.environment, e.account_id, e.actor, e.action, e.subject_kind, e.subject_id,
    e.number_id, e.request_id, e.details)::text, 'UTF8'))`;

/** What a seal hashes of its entries, out of rows `id`, `digest` in order of id. */
export const sealedBody = (sql: Sql): Fragment => sql`
  coalesce(string_agg(int8send(id) || digest, ''::bytea order by id), ''::bytea)`;

/** Hash of a seal over its parts and the hash of the seal before it. */
export const sealHash = (
  sql: Sql,
  parts: { previousHash: Fragment; seq: Fragment; sealedAt: Fragment; count: Fragment; body: Fragment },
): Fragment => sql`
  sha256(${parts.previousHash} || int8send(${parts.seq}) || int8send(${microseconds(sql, parts.sealedAt)})
    || int8send(${parts.count}::bigint) || ${parts.body})`;
