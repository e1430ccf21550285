import { requireOperator } from '../authority/index.js';
import type { Context } from '../context.js';
import { foldChanges } from './totals-store.js';

/** Adds a batch of changes of the stock to the counters per shelf; gives how many changes. Raises forbidden. */
export async function foldStockChanges({ ctx }: { ctx: Context }): Promise<number> {
  requireOperator(ctx);
  return foldChanges(ctx.sql);
}
