import { inTransaction } from '../../database/transaction.js';
// The face of accounts would lead back here: it writes audit rows.
import { requireOperator } from '../authority/index.js';
import type { Context } from '../context.js';
import { lockLastSeal, sealWaiting } from './seal-store.js';

/** Entries that one seal covers at most. */
export const entriesPerSealMax = 1000;

/**
 * Seals committed entries that no seal covers yet, a batch of them, and gives how many: 0 also while another process
 * is at it. No sale ever waits for a seal.
 * Raises forbidden.
 */
export async function sealEntries({ ctx }: { ctx: Context }): Promise<number> {
  requireOperator(ctx);
  return inTransaction(ctx.sql, async (tx) => {
    const lastSeq = await lockLastSeal(tx);
    return lastSeq === undefined ? 0 : sealWaiting(tx, lastSeq, entriesPerSealMax, ctx.clock.now());
  });
}
