import type { DomainError, DomainErrorCode } from '../../core/errors.js';

/** Status and machine word of each domain error (contract 1.2). */
const answers: Readonly<Record<DomainErrorCode, readonly [status: number, code: string]>> = {
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
};

export function answerTo(error: DomainError): { status: number; code: string } {
  const [status, code] = answers[error.code];
  return { status, code };
}

/** The vendor's client reads `error`, else `message`; programs branch on `code`. */
export function errorBody(code: string, message: string, requestId: string) {
  return { error: message, message, code, request_id: requestId };
}
