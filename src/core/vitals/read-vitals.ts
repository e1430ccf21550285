import { requireOperator } from '../authority/index.js';
import type { Context } from '../context.js';
import { countConnections, countTransfers, countWaitingEntries, lastTransferId } from './store.js';
import type { ConnectionCount, TransferCount } from './store.js';

/** Figures of the installation that only the database knows, for whoever watches it. */
export interface Vitals {
  readonly connections: readonly ConnectionCount[];
  /** Audit entries that wait for a seal. */
  readonly auditWaiting: number;
  /** Transfers with the ids asked for. */
  readonly transfers: readonly TransferCount[];
  readonly lastTransferId: number;
}

/**
 * Reads them in a few short statements. `transfers` is a range of ids, first excluded, last included: a caller that
 * counts up to what was the last one some seconds ago misses none that takes less than that to commit.
 * Raises forbidden.
 */
export async function readVitals({
  ctx,
  input,
}: {
  ctx: Context;
  input: { readonly transfers: { readonly afterId: number; readonly untilId: number } };
}): Promise<Vitals> {
  requireOperator(ctx);
  const { afterId, untilId } = input.transfers;
  const [connections, auditWaiting, transfers, last] = await Promise.all([
    countConnections(ctx.sql),
    countWaitingEntries(ctx.sql),
    untilId > afterId ? countTransfers(ctx.sql, afterId, untilId) : [],
    lastTransferId(ctx.sql),
  ]);
  return { connections, auditWaiting, transfers, lastTransferId: last };
}
