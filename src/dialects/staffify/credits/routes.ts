import type { WireRoute } from '../../../http/wire.js';
import { majorNumber } from '../../../lib/money.js';
import { concurrentCallLimit, tier } from '../tier.js';
import { creditCurrency, creditWallet, isPaused } from './credit.js';

/** Contract 6.1. Calls are not billed here, so a minute costs nothing. */
export const creditRoutes: readonly WireRoute[] = [
  {
    method: 'GET',
    path: '/credits',
    answer: async (ctx) => {
      const wallet = await creditWallet(ctx);
      return {
        balance: majorNumber(wallet?.balanceMinor ?? 0, creditCurrency),
        tier,
        rate_per_minute: 0,
        is_paused: !wallet || isPaused(wallet),
        concurrent_limit: concurrentCallLimit,
        credits_expire_at: null,
        updated_at: ctx.clock.now().toISOString(),
      };
    },
  },
];
