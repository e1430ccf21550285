import type { Context } from '../context.js';
import { moveMoney } from './move-money.js';
import type { MoneyInput, MovedMoney } from './move-money.js';

/**
 * Gives a tenant money back out of the operator's revenue.
 * Raises forbidden, invalid_input, no_wallet, not_found (account, a deleted one).
 */
export async function refund({ ctx, input }: { ctx: Context; input: MoneyInput }): Promise<MovedMoney> {
  return moveMoney(ctx, input, {
    kind: 'refund',
    house: 'revenue',
    into: 'tenant',
    verb: 'refund',
    event: 'wallet.refunded',
  });
}
