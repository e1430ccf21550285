import type { WalletRow } from '../../../core/ledger/index.js';
import { majorNumber } from '../../../lib/money.js';
import { concurrentCallLimit, tier } from '../tier.js';
import { creditCurrency, isPaused } from './verbs.js';

/** Contract 6.1. Calls are not billed here, so a minute costs nothing. */
export function renderCredit({ wallet, at }: { readonly wallet: WalletRow | undefined; readonly at: Date }) {
  return {
    balance: majorNumber(wallet?.balanceMinor ?? 0, creditCurrency),
    tier,
    rate_per_minute: 0,
    is_paused: !wallet || isPaused(wallet),
    concurrent_limit: concurrentCallLimit,
    credits_expire_at: null,
    updated_at: at.toISOString(),
  };
}
