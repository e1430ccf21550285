import type { Context } from '../context.js';
import { moveMoney } from './move-money.js';
import type { MoneyInput, MovedMoney } from './move-money.js';

/**
 * Corrects what a tenant was charged: a positive amount goes into its wallet, a negative one out of it, against revenue.
 * Raises forbidden, invalid_input, no_wallet, insufficient_funds, not_found (account, a deleted one).
 */
export async function adjust({ ctx, input }: { ctx: Context; input: MoneyInput }): Promise<MovedMoney> {
  const into = input.amountMinor < 0 ? 'house' : 'tenant';
  const money = { ...input, amountMinor: Math.abs(input.amountMinor) };
  return moveMoney(ctx, money, {
    kind: 'adjustment',
    house: 'revenue',
    into,
    verb: 'adjust',
    event: 'wallet.adjusted',
  });
}
