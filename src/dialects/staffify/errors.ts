import type { DomainErrorDetails } from '../../core/errors.js';
import { errorsFrom, ofCore } from '../../http/error-table.js';
import type { ErrorTable, WireAnswer } from '../../http/error-table.js';

/** Status and code of each error (contract 1.2 and 1.3). */
const answers: ErrorTable<readonly [status: number, code: string]> = {
  invalid_input: [400, 'VALIDATION_ERROR'],
  missing_input: [400, 'VALIDATION_ERROR'],
  unauthenticated: [401, 'INVALID_API_KEY'],
  forbidden: [403, 'FORBIDDEN'],
  read_only_key: [403, 'READ_ONLY_KEY'],
  account_blocked: [403, 'FORBIDDEN'],
  not_found: [404, 'NOT_FOUND'],
  number_unavailable: [409, 'CONFLICT'],
  group_sold_out: [409, 'CONFLICT'],
  selection_not_allowed: [409, 'CONFLICT'],
  already_owned: [409, 'CONFLICT'],
  // In stock, but not for this organisation at any price.
  not_offered: [404, 'NOT_FOUND'],
  no_wallet: [402, 'INSUFFICIENT_CREDITS'],
  price_above_maximum: [402, 'INSUFFICIENT_CREDITS'],
  insufficient_funds: [402, 'INSUFFICIENT_CREDITS'],
  requirements_unmet: [400, 'VALIDATION_ERROR'],
  reservation_limit_reached: [409, 'CONFLICT'],
  limit_reached: [403, 'FORBIDDEN'],
  order_abandoned: [409, 'CONFLICT'],
  already_assigned: [409, 'CONFLICT'],
  still_in_use: [409, 'CONFLICT'],
  cool_off_in_effect: [409, 'CONFLICT'],
  wrong_state: [409, 'CONFLICT'],
  idempotency_key_reused: [409, 'CONFLICT'],
  idempotency_in_progress: [409, 'CONFLICT'],
  rate_limited: [429, 'RATE_LIMIT_EXCEEDED'],
  unavailable: [503, 'SERVICE_UNAVAILABLE'],
  outcome_unknown: [504, 'OUTCOME_UNKNOWN'],
  order_refused: [409, 'CONFLICT'],
  method_not_allowed: [405, 'METHOD_NOT_ALLOWED'],
  internal: [500, 'INTERNAL_ERROR'],
};

/** Both shapes that are documented, in one: `error` and `message` say the same (contract 1.3). */
function errorBody(code: string, message: string, more: Readonly<Record<string, unknown>> = {}) {
  return { error: message, code, message, ...more };
}

/** The core's name of a field, where this wire has another in every body. */
const wireFields: Readonly<Record<string, string>> = { country: 'country_code' };

type InputDetails = DomainErrorDetails['invalid_input'] | DomainErrorDetails['missing_input'];

export const errors = errorsFrom(answers, ([status, code], failure, { method }): WireAnswer => {
  const { message } = failure;
  const said = { status, body: errorBody(code, message) };
  const core = ofCore(failure)?.failure;
  switch (core?.code) {
    case 'invalid_input':
    case 'missing_input':
      return validation(faultTexts(core.details, method !== 'GET'));
    case 'requirements_unmet':
      return validation({ address_id: message });
    case 'not_found':
      // Contract 4.5: a number without an agent is in conflict with what is asked, not unknown.
      return core.details.kind === 'assignment'
        ? { status: 409, body: errorBody('CONFLICT', 'No agent is assigned to this number') }
        : said;
    case 'unauthenticated':
      return {
        status,
        body: errorBody(core.details.reason === 'missing' ? 'MISSING_API_KEY' : code, message),
      };
    case 'rate_limited': {
      const { retryAfterSeconds: retryAfter, wrongKeys } = core.details;
      return { status, body: errorBody(wrongKeys ? 'AUTH_RATE_LIMITED' : code, message, { retryAfter }) };
    }
    default:
      return said;
  }
});

/** What is wrong with each field. */
function faultTexts(details: InputDetails, inBody: boolean): Record<string, string> {
  const missing = 'reason' in details ? [] : [details.field, ...(details.others ?? [])];
  const invalid = 'reason' in details ? [details, ...(details.others ?? [])] : (details.invalid ?? []);
  return Object.fromEntries([
    ...missing.map((field) => [field, 'is required'] as const),
    ...invalid.map(({ field, reason }) => [(inBody && wireFields[field]) || field, reason] as const),
  ]);
}

function validation(details: Readonly<Record<string, string>>) {
  return { status: 400, body: errorBody('VALIDATION_ERROR', 'Validation failed', { details }) };
}
