import { errorsFrom } from '../../http/error-table.js';
import type { ErrorTable } from '../../http/error-table.js';

/** Status and machine word of each error (contract 1.2). */
const answers: ErrorTable<readonly [status: number, code: string]> = {
  invalid_input: [400, 'invalid_request'],
  missing_input: [400, 'invalid_request'],
  unauthenticated: [401, 'unauthorized'],
  forbidden: [403, 'forbidden'],
  read_only_key: [403, 'forbidden'],
  account_blocked: [403, 'forbidden'],
  not_found: [404, 'not_found'],
  number_unavailable: [409, 'number_not_available'],
  group_sold_out: [409, 'number_not_available'],
  selection_not_allowed: [409, 'number_not_available'],
  already_owned: [409, 'number_not_available'],
  // No price in this account's currency: the number is not for this account, whoever asks how often.
  not_offered: [403, 'forbidden'],
  no_wallet: [402, 'insufficient_balance'],
  price_above_maximum: [402, 'insufficient_balance'],
  insufficient_funds: [402, 'insufficient_balance'],
  requirements_unmet: [403, 'forbidden'],
  reservation_limit_reached: [403, 'forbidden'],
  limit_reached: [403, 'forbidden'],
  order_abandoned: [409, 'number_not_available'],
  already_assigned: [409, 'number_not_available'],
  still_in_use: [409, 'number_not_available'],
  cool_off_in_effect: [409, 'number_not_available'],
  wrong_state: [409, 'number_not_available'],
  idempotency_key_reused: [409, 'idempotency_conflict'],
  idempotency_in_progress: [409, 'idempotency_conflict'],
  rate_limited: [429, 'rate_limited'],
  unavailable: [503, 'unavailable'],
  outcome_unknown: [504, 'outcome_unknown'],
  order_refused: [409, 'number_not_available'],
  method_not_allowed: [405, 'method_not_allowed'],
  internal: [500, 'internal'],
};

/** The vendor's client reads `error`, else `message`; programs branch on `code`. */
export const errors = errorsFrom(answers, ([status, code], failure, { id }) => ({
  status,
  body: { error: failure.message, message: failure.message, code, request_id: id },
  ...(failure.code === 'unauthenticated' ? { headers: { 'www-authenticate': 'Bearer' } } : {}),
}));
