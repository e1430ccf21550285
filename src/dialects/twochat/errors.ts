import { errorsFrom } from '../../http/error-table.js';
import type { ErrorTable, WireFailure } from '../../http/error-table.js';

/**
 * The status of each error (contract 1.4, 7, 8 and 10). A number that is gone is 404: 409 is a transient signal
 * of another product in this vendor's vocabulary.
 */
const statusByCode: ErrorTable<number> = {
  invalid_input: 422,
  missing_input: 400,
  unauthenticated: 401,
  forbidden: 403,
  read_only_key: 403,
  account_blocked: 403,
  not_found: 404,
  number_unavailable: 404,
  group_sold_out: 404,
  selection_not_allowed: 406,
  already_owned: 403,
  not_offered: 404,
  no_wallet: 402,
  price_above_maximum: 402,
  insufficient_funds: 402,
  requirements_unmet: 403,
  reservation_limit_reached: 403,
  limit_reached: 403,
  order_abandoned: 404,
  already_assigned: 403,
  still_in_use: 403,
  cool_off_in_effect: 403,
  wrong_state: 403,
  idempotency_key_reused: 422,
  idempotency_in_progress: 403,
  rate_limited: 429,
  unavailable: 503,
  outcome_unknown: 504,
  order_refused: 403,
  method_not_allowed: 405,
  internal: 500,
};

/** One body for all routes: every documented reader finds its field (contract 1.3). */
export const errors = errorsFrom(statusByCode, (status, failure) => {
  const { message } = failure;
  const body = { success: false, error: true, error_message: message, message };
  return { status: isMisshapen(failure) ? 400 : status, body };
});

/** A body that is not JSON, not an object or of the wrong shape is 400; a malformed value in it is 422. */
function isMisshapen(failure: WireFailure): boolean {
  if (!('failure' in failure) || failure.failure.code !== 'invalid_input') return false;
  const { field, others = [] } = failure.failure.details;
  return [field, ...others.map((other) => other.field)].includes('body');
}
