import { actingAccount } from '../../../core/authority/index.js';
import type { Context } from '../../../core/context.js';
import { payingWallet } from '../../../core/ledger/index.js';
import type { WalletRow } from '../../../core/ledger/index.js';

/** All of this wire's money is in euros (contract 2.2, 6.1). */
export const creditCurrency = 'EUR';

/** The wallet that this wire pays from; undefined when the account has none in euros. */
export function creditWallet(ctx: Context): Promise<WalletRow | undefined> {
  return payingWallet({ ctx, input: { account: actingAccount(ctx), currency: creditCurrency } });
}

/** What can be spent, in minor units. */
export function availableMinor({ balanceMinor, creditLimitMinor }: WalletRow): number {
  return balanceMinor + creditLimitMinor;
}

/**
 * A prepaid account is paused when its credit is used up (contract 6.1). One that never had any in euros is no customer
 * of this wire's billing, and not paused: it can route numbers that it has bought elsewhere.
 */
export function isPaused(wallet: WalletRow | undefined): boolean {
  return wallet !== undefined && availableMinor(wallet) <= 0;
}
