import { requireOperator } from '../authority/index.js';
import type { Context } from '../context.js';
import { deleteExpiredSecrets } from './store.js';

const batchMax = 500;

/**
 * Forgets a batch of secrets that no longer sign; gives how many.
 *
 * Raises forbidden unless the operator or Numex itself acts.
 */
export async function forgetExpiredSecrets({ ctx }: { ctx: Context }): Promise<number> {
  requireOperator(ctx);
  return deleteExpiredSecrets(ctx.sql, ctx.clock.now(), batchMax);
}
