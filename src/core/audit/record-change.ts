import type { Sql } from '../../database/connection.js';
import { actorName } from '../context.js';
import type { Context } from '../context.js';
import type { Change } from './change.js';
import { insertAuditEntries, insertEvents } from './store.js';

/** Writes audit rows, and events for the changes that have one, in the transaction of the changes themselves. */
export async function recordChanges(tx: Sql, changes: readonly Change[]): Promise<void> {
  if (changes.length === 0) return;
  const published = changes.filter((change) => change.event !== undefined && change.accountId !== null);
  await Promise.all([
    insertAuditEntries(tx, changes),
    ...(published.length > 0 ? [insertEvents(tx, published)] : []),
  ]);
}

/** Writes the audit row, and perhaps the event, of one change made under a context. */
export async function recordChange(
  ctx: Context,
  change: Omit<Change, 'at' | 'actor' | 'requestId'>,
): Promise<void> {
  await recordChanges(ctx.sql, [
    { ...change, at: ctx.clock.now(), actor: actorName(ctx.actor), requestId: ctx.requestId },
  ]);
}
