import type { Sql } from '../../database/connection.js';
import type { Account } from '../context.js';
import type { WebhookEvent } from './style.js';

/** The newest first. */
export async function listEventRows(
  sql: Sql,
  account: Account,
  { type, beforeId, limit }: { type?: string | undefined; beforeId: number; limit: number },
): Promise<WebhookEvent[]> {
  return sql<WebhookEvent[]>`
    select id, at, type, account_id as "accountId", ${account.publicId}::text as "accountPublicId",
      subject_kind as "subjectKind", subject_id as "subjectId", payload
    from event
    where account_id = ${account.id} and id < ${beforeId} ${type === undefined ? sql`` : sql`and type = ${type}`}
    order by id desc limit ${limit}`;
}
