import { present } from '../../lib/assert.js';
import type { Context } from '../context.js';
import { domainError } from '../errors.js';
import { postTransfers } from './post-transfers.js';
import { houseWalletId, lockWallet } from './store.js';
import type { TransferRow, WalletRow } from './store.js';

/** Money between a tenant's wallet and the operator's revenue wallet, for one rental. */
export type RentalMoney = Pick<
  TransferRow,
  'amountMinor' | 'kind' | 'rentalId' | 'cycleNumber' | 'reference' | 'createdAt'
>;

/**
 * Takes several amounts from a tenant's wallet for the operator, all or none. Part of a verb's transaction, after its lock
 * on the number. Raises insufficient_funds.
 */
export async function chargeWallet(
  ctx: Context,
  walletId: number,
  charges: readonly RentalMoney[],
): Promise<void> {
  const requiredMinor = charges.reduce((sum, charge) => sum + charge.amountMinor, 0);
  if (requiredMinor === 0) return;
  const wallet = await lockTenantWallet(ctx, walletId);
  const availableMinor = wallet.balanceMinor + wallet.creditLimitMinor;
  if (requiredMinor > availableMinor) {
    throw domainError('insufficient_funds', { requiredMinor, availableMinor, currency: wallet.currency });
  }
  const revenue = await revenueOf(ctx, wallet);
  await postTransfers(
    ctx.sql,
    charges.map((charge) => ({
      ...charge,
      debitWalletId: wallet.id,
      creditWalletId: revenue,
      currency: wallet.currency,
      requestId: ctx.requestId,
    })),
  );
}

/** Gives an amount back to a tenant's wallet. Part of a verb's transaction, after its lock on the number. */
export async function refundWallet(ctx: Context, walletId: number, refund: RentalMoney): Promise<void> {
  if (refund.amountMinor === 0) return;
  const wallet = await lockTenantWallet(ctx, walletId);
  const debitWalletId = await revenueOf(ctx, wallet);
  const { currency } = wallet;
  const transfer = {
    ...refund,
    debitWalletId,
    creditWalletId: wallet.id,
    currency,
    requestId: ctx.requestId,
  };
  await postTransfers(ctx.sql, [transfer]);
}

async function lockTenantWallet(ctx: Context, walletId: number): Promise<WalletRow> {
  return present(await lockWallet(ctx.sql, walletId), 'a rental names a wallet that exists');
}

function revenueOf(ctx: Context, { environment, currency }: WalletRow): Promise<number> {
  return houseWalletId(ctx.sql, environment, 'revenue', currency, ctx.clock.now());
}
