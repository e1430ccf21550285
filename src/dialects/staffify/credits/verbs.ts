import { actingAccount } from '../../../core/authority/index.js';
import type { Context } from '../../../core/context.js';
import { domainError } from '../../../core/errors.js';
import { payingWallet } from '../../../core/ledger/index.js';
import type { WalletRow } from '../../../core/ledger/index.js';

/** All of this wire's money is in euros (contract 2.2, 6.1). */
export const creditCurrency = 'EUR';

/** The wallet that this wire pays from; undefined when the account has none in euros. */
function creditWallet(ctx: Context): Promise<WalletRow | undefined> {
  return payingWallet({ ctx, input: { account: actingAccount(ctx), currency: creditCurrency } });
}

/** What can be spent, in minor units. */
function availableMinor({ balanceMinor, creditLimitMinor }: WalletRow): number {
  return balanceMinor + creditLimitMinor;
}

/**
 * A prepaid account is paused when its credit is used up (contract 6.1). One that never had any in euros is no customer
 * of this wire's billing, and not paused: it can route numbers that it has bought elsewhere.
 */
export function isPaused(wallet: WalletRow | undefined): boolean {
  return wallet !== undefined && availableMinor(wallet) <= 0;
}

/** The credit as it is now. */
export async function getCredit({ ctx }: { ctx: Context }) {
  return { wallet: await creditWallet(ctx), at: ctx.clock.now() };
}

/** A write that a paused account is refused, unless its key has an answer already. Raises insufficient_funds. */
export function whileInCredit<C extends Context, I, R>(verb: (call: { ctx: C; input: I }) => Promise<R>) {
  return ({ ctx, input }: { readonly ctx: C; readonly input: I }): Promise<R> =>
    verb({ ctx: { ...ctx, precondition: mustNotBePaused }, input });
}

async function mustNotBePaused(ctx: Context): Promise<void> {
  const wallet = await creditWallet(ctx);
  if (!wallet || !isPaused(wallet)) return;
  const details = { requiredMinor: 1, availableMinor: availableMinor(wallet), currency: creditCurrency };
  throw domainError('insufficient_funds', details);
}
