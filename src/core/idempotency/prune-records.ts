import type { Context } from '../context.js';
import { domainError } from '../errors.js';
import { deleteOldRecords, setClocksAside } from './store.js';

/** Records deleted in one statement at most. */
export const recordsPrunedMax = 1000;

/**
 * Forgets a batch of requests that were remembered long enough: a key that comes again after that counts as new. With
 * `clockId` those of the accounts on that test clock, else those of all others. Gives how many. Raises forbidden.
 */
export async function pruneRecords({
  ctx,
  input,
}: {
  ctx: Context;
  input: { readonly clockId: number | null };
}): Promise<number> {
  if (ctx.actor.kind === 'key') throw domainError('forbidden', { reason: 'This needs an admin key' });
  const now = ctx.clock.now();
  if (input.clockId === null) await setClocksAside(ctx.sql, now, recordsPrunedMax);
  return deleteOldRecords(ctx.sql, input.clockId, now, recordsPrunedMax);
}
