import type { FastifyRequest } from 'fastify';
import type { DomainError, DomainErrorCode } from '../../core/errors.js';
import { majorNumber } from '../../lib/money.js';
import { isoSeconds } from '../../lib/clock.js';
import type { ErrorTable, Explain, WireAnswer } from '../../http/error-table.js';
import { ofCore } from '../../http/error-table.js';
import { isAdmitted, routeOf } from '../../http/wire.js';
import type { WireRoute } from '../../http/wire.js';
import { isBearerAlone } from './authenticate.js';

/** This wire has no single shape of errors (contract 1.3): each code has one, and some routes have their own. */

export type Say = (failure: DomainError, request: FastifyRequest) => WireAnswer;
/** Says any failure, also one that is not the core's. */
type Plainly = (failure: { readonly message: string }, request: FastifyRequest) => WireAnswer;
type Table = Readonly<Record<DomainErrorCode, Say>>;

/** What a route says otherwise than the rest. */
export interface RouteErrors {
  /** Of a caller who has been let in. */
  readonly said?: Partial<Table>;
  /** Of a caller who has not. */
  readonly refused?: Partial<Table>;
  /** Of a fault of ours. */
  readonly fault?: string;
}

export type VobizRoute = WireRoute & { readonly errors?: RouteErrors };

/** The usual shape; the message is the domain's own sentence unless the vendor has one. */
export function flat(status: number, error: string, message?: string): Plainly {
  return (failure) => ({ status, body: { error, message: message ?? failure.message } });
}

/** The error text alone. */
export function bare(status: number, error?: string): Plainly {
  return (failure) => ({ status, body: { error: error ?? failure.message } });
}

/** The shape of the vendor's gateway. */
export function gateway(status: number, message?: string): Plainly {
  return (failure) => ({ status, body: { error: { code: status, message: message ?? failure.message } } });
}

const invalid = flat(400, 'invalid request');
const conflict = flat(409, 'conflict');
const notInInventory = flat(404, 'not_found', 'number not found in inventory');
export const invalidToken = gateway(401, 'Invalid token');
const invalidCredentials = flat(401, 'unauthorized', 'invalid credentials');

/** 402 with the sums in major units (contract 4). */
export const insufficientBalance: Say = (failure, request) => {
  const said = flat(402, 'insufficient_balance')(failure, request);
  if (failure.failure.code !== 'insufficient_funds') return said;
  const { requiredMinor, availableMinor, currency } = failure.failure.details;
  const major = (amountMinor: number): number => majorNumber(amountMinor, currency);
  const details = {
    required: major(requiredMinor),
    available: major(availableMinor),
    currency,
    shortfall: major(requiredMinor - availableMinor),
  };
  return { status: said.status, body: { ...(said.body as object), details } };
};

/** Contract 7.2: no message, and no Retry-After, since a client would sleep for days. */
const coolOff: Say = (failure, request) => {
  if (failure.failure.code !== 'cool_off_in_effect') return conflict(failure, request);
  const { until, remainingSeconds } = failure.failure.details;
  const body = {
    error: 'did_cool_off_in_effect',
    cool_off_until: isoSeconds(new Date(until)),
    cool_off_remaining_seconds: remainingSeconds,
  };
  return { status: 409, body };
};

const usual: Table & ErrorTable<unknown> & { readonly [C in 'method_not_allowed' | 'internal']: Plainly } = {
  invalid_input: invalid,
  missing_input: invalid,
  unauthenticated: (failure, request) =>
    (isBearerAlone(request) ? invalidToken : invalidCredentials)(failure, request),
  forbidden: gateway(403),
  read_only_key: gateway(403),
  // A disabled account stops working as if its credentials were gone.
  account_blocked: invalidCredentials,
  not_found: flat(404, 'not_found'),
  number_unavailable: notInInventory,
  group_sold_out: notInInventory,
  selection_not_allowed: notInInventory,
  already_owned: notInInventory,
  not_offered: invalid,
  no_wallet: insufficientBalance,
  price_above_maximum: insufficientBalance,
  insufficient_funds: insufficientBalance,
  requirements_unmet: flat(403, 'forbidden'),
  reservation_limit_reached: conflict,
  limit_reached: flat(403, 'forbidden'),
  order_abandoned: conflict,
  already_assigned: conflict,
  still_in_use: conflict,
  cool_off_in_effect: coolOff,
  wrong_state: conflict,
  idempotency_key_reused: conflict,
  idempotency_in_progress: conflict,
  rate_limited: flat(429, 'rate_limit_exceeded'),
  unavailable: flat(503, 'service_unavailable'),
  outcome_unknown: flat(504, 'outcome_unknown'),
  order_refused: conflict,
  method_not_allowed: flat(405, 'method_not_allowed'),
  internal: flat(500, 'internal_server_error'),
};

/** What those are told who are not let in; only the path's account is forbidden there. */
const atTheDoor: Partial<Table> = {
  forbidden: gateway(403, 'Access denied: account ID mismatch'),
};

/** The answer to a failure, to a caller who has been let in or not; some routes have words of their own. */
export const errors: Explain = (failure, request) => {
  const route = routeOf(request) as VobizRoute | undefined;
  const { said = {}, refused = {}, fault } = route?.errors ?? {};
  const core = ofCore(failure);
  if (core) {
    const own = isAdmitted(request) ? said[core.code] : (refused[core.code] ?? atTheDoor[core.code]);
    return (own ?? usual[core.code])(core, request);
  }
  const code = failure.code === 'internal' ? 'internal' : 'method_not_allowed';
  const message = code === 'internal' ? (fault ?? failure.message) : failure.message;
  return usual[code]({ message }, request);
};
