import { inTransaction } from '../../../../database/transaction.js';
import { requireOperator } from '../../../authority/index.js';
import type { Context } from '../../../context.js';
import { dueBatchMax } from '../../../authority/index.js';
import type { DueBatch, DueScope } from '../../../authority/index.js';
import { setClocksAside } from '../set-aside-store.js';
import { findFundedWallets, retryPastDues, settleFundedWallets } from './store.js';

/**
 * Has the past-due charges of wallets that got money tried again at once, instead of on their next day. The ledger marks
 * such a wallet with the transfer that brings the money. Raises forbidden.
 */
export async function recallPastDues({ ctx, input }: { ctx: Context; input: DueScope }): Promise<DueBatch> {
  requireOperator(ctx);
  const now = ctx.clock.now();
  await setClocksAside(ctx.sql, 'funding', input, ctx.clock.now());
  return inTransaction(ctx.sql, async (tx) => {
    const wallets = await findFundedWallets(tx, input, dueBatchMax);
    if (wallets.length === 0) return { done: 0, oldestDueAt: null };
    const ids = wallets.map((wallet) => wallet.id);
    const recalled = await retryPastDues(tx, input, ids, now, dueBatchMax);
    const settled = await settleFundedWallets(tx, input, wallets, now);
    const oldest = Math.min(...wallets.map((wallet) => wallet.fundedAt.getTime()));
    return { done: recalled + settled, oldestDueAt: new Date(oldest) };
  });
}
