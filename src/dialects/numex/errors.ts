import { e164Of, spellNumberId } from '../../core/number-id.js';
import { respelled, restoreError } from '../../core/errors.js';
import type { DomainError, StoredDomainError } from '../../core/errors.js';
import { errorsFrom, ofCore } from '../../http/error-table.js';
import type { ErrorTable } from '../../http/error-table.js';
import { problemDocument, problemType } from '../../http/problem.js';
import { spellId, spellSubject } from './ids.js';

/** Status of each error in the own API. */
const statusByCode: ErrorTable<number> = {
  invalid_input: 400,
  missing_input: 400,
  unauthenticated: 401,
  forbidden: 403,
  read_only_key: 403,
  account_blocked: 403,
  not_found: 404,
  number_unavailable: 409,
  group_sold_out: 409,
  selection_not_allowed: 409,
  already_owned: 409,
  not_offered: 409,
  no_wallet: 402,
  price_above_maximum: 409,
  insufficient_funds: 402,
  requirements_unmet: 409,
  reservation_limit_reached: 409,
  limit_reached: 409,
  order_abandoned: 409,
  already_assigned: 409,
  still_in_use: 409,
  cool_off_in_effect: 409,
  wrong_state: 409,
  idempotency_key_reused: 422,
  idempotency_in_progress: 409,
  rate_limited: 429,
  unavailable: 503,
  outcome_unknown: 504,
  order_refused: 409,
  method_not_allowed: 405,
  internal: 500,
};

/** The codes of problem documents: refusals (4xx) and faults (5xx), each with its status. */
export const problemCodes = {
  refusals: codesWhere((status) => status < 500),
  faults: codesWhere((status) => status >= 500),
};

function codesWhere(wanted: (status: number) => boolean): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(statusByCode).filter(([, status]) => wanted(status)));
}

/** Problem documents (RFC 9457): the details of an error are members of its own. */
export const errors = errorsFrom(statusByCode, (status, failure, { id: requestId }) => {
  const core = ofCore(failure);
  const quote = failure.code === 'internal' ? '. Quote the request id to the operator' : '';
  const body = problemDocument({
    code: failure.code,
    status,
    detail: failure.message + quote,
    requestId,
    members: core ? detailsOf(core) : {},
  });
  return {
    status,
    body,
    type: problemType,
    ...(failure.code === 'unauthenticated' ? { headers: { 'www-authenticate': 'Bearer' } } : {}),
  };
});

/** Something that stands in the way of what was not done yet. */
export function obstacleOf(stored: StoredDomainError) {
  const error = respelled(restoreError(stored), (kind, id) =>
    typeof id === 'string' ? id : spellSubject(kind, id),
  );
  return { ...detailsOf(error), code: error.code, detail: error.message };
}

/** The details of an error as members of a problem document; those of an order's lines become a result each. */
function detailsOf({ failure }: DomainError): Record<string, unknown> {
  if (failure.code !== 'order_refused') return snakeKeys(failure.details);
  return {
    order_id: spellId('order', failure.details.orderId),
    results: failure.details.refusals.map(({ numberId, error }) => ({
      ok: false,
      number: numberId === null ? null : e164Of(numberId),
      number_id: numberId === null ? null : spellNumberId(numberId),
      error: obstacleOf(error),
    })),
  };
}

function snakeKeys(details: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(details).map(([key, value]) => [toSnake(key), value as unknown]));
}

function toSnake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
