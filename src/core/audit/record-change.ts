import type { Sql } from '../../database/connection.js';
import { actorName } from '../context.js';
import type { Context } from '../context.js';
import type { Change } from './change.js';
import { insertChanges } from './store.js';

/** Writes audit rows, and events for the changes that have one, in the transaction of the changes themselves. */
export async function recordChanges(tx: Sql, changes: readonly Change[]): Promise<void> {
  if (changes.length === 0) return;
  await insertChanges(tx, changes);
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
