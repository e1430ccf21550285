import type { FastifyRequest } from 'fastify';
import { e164Of, spellNumberId } from '../../core/number-id.js';
import { restoreError } from '../../core/errors.js';
import type { DomainError, DomainErrorCode, StoredDomainError } from '../../core/errors.js';
import { faultSentence } from '../../http/failure.js';
import { spellId } from './ids.js';

/** Status of each domain error in the own API. */
const statusByCode: Readonly<Record<DomainErrorCode, number>> = {
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
};

export function statusOf(error: DomainError): number {
  return statusByCode[error.code];
}

/** Members a problem document may not have overwritten by details. */
export function problemOf(error: DomainError, requestId: string) {
  return {
    ...detailsOf(error),
    type: `urn:numex:error:${error.code}`,
    title: error.code.replaceAll('_', ' '),
    status: statusOf(error),
    detail: error.message,
    code: error.code,
    request_id: requestId,
  };
}

/** Something that stands in the way of what was not done yet. */
export function obstacleOf(stored: StoredDomainError) {
  const error = restoreError(stored);
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

export function faultOf(request: FastifyRequest) {
  return {
    type: 'urn:numex:error:internal',
    title: 'internal',
    status: 500,
    detail: `${faultSentence(request)}. Quote the request id to the operator`,
    code: 'internal',
    request_id: request.id,
  };
}

function toSnake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
