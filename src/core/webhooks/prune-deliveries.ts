import { addSeconds, secondsPerDay } from '../../lib/clock.js';
import { requireOperator } from '../authority/index.js';
import type { Context } from '../context.js';
import { deleteOldDeliveries } from './delivery-store.js';

/** How long deliveries that arrived, or that were given up, are shown and can be replayed. */
export const deliveriesKeptDays = 30;
const batchMax = 1000;

/**
 * Deletes a batch of deliveries that are over and older than 30 days; gives how many. Their events stay.
 *
 * Raises forbidden unless the operator or Numex itself acts.
 */
export async function pruneDeliveries({ ctx }: { ctx: Context }): Promise<number> {
  requireOperator(ctx);
  const before = addSeconds(ctx.clock.now(), -deliveriesKeptDays * secondsPerDay);
  return deleteOldDeliveries(ctx.sql, before, batchMax);
}
