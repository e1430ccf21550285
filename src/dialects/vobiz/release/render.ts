import { e164Of } from '../../../core/number-id.js';
import type { ReclaimResult, ReleaseResult } from '../../../core/rentals/index.js';
import { accountAsked } from '../../../http/route.js';
import type { Asked } from '../../../http/wire.js';
import { majorNumber } from '../../../lib/money.js';
import { statusOf } from '../numbers/status.js';

/** Contract 5.1. */
export function renderRelease(released: ReleaseResult, asked: Asked) {
  const { numberId, state, reclaimUntil, feeMinor, currency } = released;
  const fee = { cooldown_ends_at: reclaimUntil, release_fee: majorNumber(feeMinor, currency) };
  if (state === 'ended') return { status: 'released', message: 'number released', ...fee, cancel_url: '' };
  const account = accountAsked(asked).publicId;
  return {
    status: 'pending_release',
    message: 'number release initiated',
    ...fee,
    cancel_url: `/api/v1/account/${account}/numbers/${e164Of(numberId)}/cancel-release`,
    note: 'The release can be cancelled until cooldown_ends_at; then the number rests before it is sold again.',
  };
}

/** Contract 5.2. */
export function renderCancelled({ state, currency, refundedMinor }: ReclaimResult) {
  return {
    message: 'release cancelled, number restored to active status',
    status: statusOf({ state, pastDueSince: null }),
    currency,
    refund_amount: majorNumber(refundedMinor, currency),
    refund_status: 'success',
  };
}
