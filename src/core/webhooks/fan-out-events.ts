import { inTransaction } from '../../database/transaction.js';
import { requireOperator } from '../authority/index.js';
import type { Context } from '../context.js';
import { fanOut } from './delivery-store.js';
import { testEventType } from './send-test-event.js';

/** Events turned into deliveries in one go. */
export const fanOutBatchMax = 500;

/**
 * Makes the deliveries of a batch of events, the oldest first; gives how many events it took, 0 when none was waiting.
 *
 * Raises forbidden unless the operator or Numex itself acts.
 */
export async function fanOutEvents({ ctx }: { ctx: Context }): Promise<number> {
  requireOperator(ctx);
  return inTransaction(ctx.sql, (tx) => fanOut(tx, ctx.clock.now(), fanOutBatchMax, testEventType));
}
