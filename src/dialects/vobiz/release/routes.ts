import { actingAccount } from '../../../core/authority/index.js';
import { e164Of } from '../../../core/number-id.js';
import { reclaimByNumber, releaseByNumber } from '../../../core/rentals/index.js';
import type { ReleaseResult } from '../../../core/rentals/index.js';
import { majorNumber } from '../../../lib/money.js';
import { bare, flat, invalidToken } from '../errors.js';
import type { VobizRoute } from '../errors.js';
import { numberIdInPath } from '../numbers/request.js';
import { statusOf } from '../numbers/response.js';
import { flagOf } from '../parse.js';
import { numberPath } from '../paths.js';

/** Contract 5: giving a number up, and thinking better of it. */
export const releaseRoutes: readonly VobizRoute[] = [
  {
    method: 'DELETE',
    path: numberPath,
    errors: {
      said: {
        // Whose it is, and whether it exists, is nobody else's business.
        not_found: flat(403, 'forbidden', 'account does not own this number'),
        wrong_state: bare(400, 'number is already pending release'),
      },
    },
    answer: async (ctx, { params, query }) => {
      const numberId = numberIdInPath(ctx, params);
      const leaves = flagOf(query, 'immediate') === true ? 'now' : 'after_cancel_window';
      const how = { leaves, again: 'refuse' } as const;
      const released = await releaseByNumber({ ctx, input: { numberId, ...how } });
      return renderRelease(released, actingAccount(ctx).publicId);
    },
  },
  {
    method: 'POST',
    path: `${numberPath}/cancel-release`,
    errors: {
      said: {
        invalid_input: bare(400),
        forbidden: bare(403, 'access denied'),
        not_found: bare(404, 'number not found'),
        wrong_state: bare(400, 'number is not pending release'),
        insufficient_funds: bare(402),
      },
      refused: {
        unauthenticated: invalidToken,
        account_blocked: invalidToken,
        forbidden: bare(403, 'access denied'),
      },
    },
    answer: async (ctx, { params }) => {
      const numberId = numberIdInPath(ctx, params);
      const reclaimed = await reclaimByNumber({ ctx, input: { numberId, assignments: 'leave' } });
      return {
        message: 'release cancelled, number restored to active status',
        status: statusOf({ state: reclaimed.state, pastDueSince: null }),
        currency: reclaimed.currency,
        refund_amount: majorNumber(reclaimed.refundedMinor, reclaimed.currency),
        refund_status: 'success',
      };
    },
  },
];

function renderRelease(released: ReleaseResult, account: string) {
  const { numberId, state, reclaimUntil, feeMinor, currency } = released;
  const fee = { cooldown_ends_at: reclaimUntil, release_fee: majorNumber(feeMinor, currency) };
  if (state === 'ended') return { status: 'released', message: 'number released', ...fee, cancel_url: '' };
  return {
    status: 'pending_release',
    message: 'number release initiated',
    ...fee,
    cancel_url: `/api/v1/account/${account}/numbers/${e164Of(numberId)}/cancel-release`,
    note: 'The release can be cancelled until cooldown_ends_at; then the number rests before it is sold again.',
  };
}
