import type { Context } from '../context.js';
import { moveMoney } from './move-money.js';
import type { MoneyInput, MovedMoney } from './move-money.js';

/**
 * Pays a tenant's money out: the opposite of a deposit.
 * Raises forbidden, invalid_input, no_wallet, insufficient_funds, not_found (account, a deleted one).
 */
export async function withdraw({ ctx, input }: { ctx: Context; input: MoneyInput }): Promise<MovedMoney> {
  return moveMoney(ctx, input, {
    kind: 'withdrawal',
    house: 'deposits',
    into: 'house',
    verb: 'withdraw',
    event: 'wallet.withdrawn',
  });
}
