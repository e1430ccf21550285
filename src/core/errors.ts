/**
 * The closed union of everything that can go wrong by a caller's doing or by the state of the world. Each dialect has a
 * total table over it, so a new member does not compile until every surface answers it.
 */
export interface DomainErrorDetails {
  /** Input that cannot be what was meant: `field` names it, `reason` says why; `others` is what else is wrong. */
  invalid_input: { field: string; reason: string; others?: readonly InvalidField[] };
  /** A required input is absent; `others` names further ones, `invalid` is what is wrong besides. */
  missing_input: { field: string; others?: readonly string[]; invalid?: readonly InvalidField[] };
  /** No key, or one that is unknown or revoked. */
  unauthenticated: { reason: 'missing' | 'unknown' };
  /** The key may not do this. */
  forbidden: { reason: string };
  /** The key may look, not change. */
  read_only_key: { scope: 'read' };
  /** The account has been blocked by the operator, or disabled by its parent. */
  account_blocked: { account: string };
  /** Nothing of that kind and id that this account may see. */
  not_found: { kind: ResourceKind; id: ThingId };
  /** The number is not in stock, or not for this caller: rented, held by another, resting, withdrawn. */
  number_unavailable: { number: string };
  /** The group exists and has nothing left to sell. */
  group_sold_out: { group: string };
  /** The group does not let one pick a number. */
  selection_not_allowed: { group: string };
  /** The caller rents that number already; `state` is the rental's. */
  already_owned: { number: string; state: string };
  /** Sold by nobody in that currency to this account: no price rule fits. */
  not_offered: { number: string; currency: string };
  /** The account has no wallet in that currency. */
  no_wallet: { currency: string };
  /** The first charge is above what the caller said it would pay. */
  price_above_maximum: { number: string; priceMinor: number; maximumMinor: number; currency: string };
  insufficient_funds: { requiredMinor: number; availableMinor: number; currency: string };
  /** Documents are outstanding and the caller asked to be refused in that case. */
  requirements_unmet: { number: string; country: string; type: string };
  /** The account holds as many reservations as policy allows. */
  reservation_limit_reached: { limit: number };
  /** The account has as many things of the kind as policy allows. */
  limit_reached: { kind: LimitedKind; limit: number };
  /** Another line of an all-or-nothing order failed. */
  order_abandoned: { number: string };
  /** The rental points at something of that kind already, and the caller asked not to replace it. */
  already_assigned: { number: string; kind: string };
  /** Somebody still depends on the thing; `uses` says what. */
  still_in_use: { kind: ResourceKind; id: ThingId; uses: string };
  /** A call was made too lately for the number to change hands; `until` is ISO 8601. */
  cool_off_in_effect: { number: string; until: string; remainingSeconds: number };
  /** The thing is in a state that does not allow this. */
  wrong_state: { kind: ResourceKind; id: ThingId; state: string; allowed: readonly string[] };
  /** The idempotency key was used before for another request. */
  idempotency_key_reused: { key: string };
  /** The first request with this idempotency key is still running. */
  idempotency_in_progress: { key: string };
  /** Too many requests of this account; `wrongKeys`: too many wrong keys from this address. */
  rate_limited: { retryAfterSeconds: number; wrongKeys?: true };
  /** The database cannot be reached or cannot write; nothing was changed, and a retry is safe. */
  unavailable: { reason: string };
  /** The answer to a commit was lost: the change may have happened. `keyed`: the request had an idempotency key. */
  outcome_unknown: { keyed: boolean };
  /** An all-or-nothing order of several lines bought nothing; `refusals` has the error of each line, in their order. */
  order_refused: { orderId: number; refusals: readonly RefusedOrderLine[] };
}

/** One line of an order that bought nothing. */
export interface RefusedOrderLine {
  /** Row id of the number asked for; null where the line asked for any of a group. */
  readonly numberId: number | null;
  readonly error: StoredDomainError;
}

/** As the caller named the thing; a number is its row id, which each surface spells in its own way (`respelled`). */
export type ThingId = string | number;

/** One field of an input, and why it cannot be what was meant. */
export interface InvalidField {
  readonly field: string;
  readonly reason: string;
}

export type ResourceKind =
  | 'account'
  | 'key'
  | 'country'
  | 'region'
  | 'city'
  | 'group'
  | 'number'
  | 'reservation'
  | 'order'
  | 'rental'
  | 'wallet'
  | 'agent'
  | 'trunk'
  | 'application'
  | 'assignment'
  | 'address'
  | 'document'
  | 'call'
  | 'endpoint'
  | 'delivery'
  | 'policy'
  | 'price_list'
  | 'price_rule'
  | 'clock'
  | 'route';

/** What policy bounds the number of, per account. */
export type LimitedKind =
  'trunk' | 'application' | 'agent' | 'key' | 'test_clock' | 'sub_account' | 'webhook_endpoint' | 'address';

export type DomainErrorCode = keyof DomainErrorDetails;

/** A domain error as plain data, by its code: what idempotency records and order results keep. */
export type StoredDomainError = {
  readonly [C in DomainErrorCode]: { readonly code: C; readonly details: DomainErrorDetails[C] };
}[DomainErrorCode];

/** What a failed verb throws. `message` is for people; programs read `failure`, which narrows by its code. */
export class DomainError extends Error {
  override readonly name = 'DomainError';
  readonly failure: StoredDomainError;

  constructor(failure: StoredDomainError, message: string) {
    super(message);
    this.failure = failure;
  }

  get code(): DomainErrorCode {
    return this.failure.code;
  }

  get details(): StoredDomainError['details'] {
    return this.failure.details;
  }
}

type Sentences = { readonly [C in DomainErrorCode]: (details: DomainErrorDetails[C]) => string };

function article(noun: string): string {
  return /^[aeiou]/.test(noun) ? 'an' : 'a';
}

function named({ kind, id }: { readonly kind: ResourceKind; readonly id: ThingId }): string {
  const noun = kind.replace('_', ' ');
  return id === '' ? noun : `${noun} ${id}`;
}

const askOperator = 'ask the operator for more';

/** What limited things are called, and what makes room for another. */
const limitedThings: Readonly<Record<LimitedKind, readonly [things: string, remedy: string]>> = {
  trunk: ['trunks', 'delete one first'],
  application: ['applications', 'delete one first'],
  agent: ['agents', 'delete one first'],
  key: ['keys in force', 'revoke one first'],
  test_clock: ['test clocks', askOperator],
  sub_account: ['sub-accounts', 'delete one first'],
  webhook_endpoint: ['webhook endpoints', 'delete one first'],
  address: ['addresses', askOperator],
};

/** What failed, why, and what to do about it: one sentence or two for people, the same on every surface. */
const sentences: Sentences = {
  invalid_input: (d) => [d, ...(d.others ?? [])].map(({ field, reason }) => `${field}: ${reason}`).join('; '),
  missing_input: (d) =>
    [
      d.others?.length ? `${[d.field, ...d.others].join(', ')} are required` : `${d.field} is required`,
      ...(d.invalid ?? []).map(({ field, reason }) => `${field}: ${reason}`),
    ].join('; '),
  unauthenticated: (d) =>
    d.reason === 'missing' ? 'An API key is required' : 'The API key is unknown or has been revoked',
  forbidden: (d) => d.reason,
  read_only_key: () => 'This key may only read; use a key of scope full',
  account_blocked: (d) => `Account ${d.account} is blocked; ask the operator`,
  not_found: (d) => (d.id === '' ? `No such ${named(d)} was found` : `No ${named(d)} was found`),
  number_unavailable: (d) => `Number ${d.number} is not available`,
  group_sold_out: (d) => `Group ${d.group} has no number left; choose another group`,
  selection_not_allowed: (d) =>
    `Group ${d.group} does not allow picking a number; leave the number out to get any of the group`,
  already_owned: (d) => `Number ${d.number} already belongs to this account`,
  not_offered: (d) => `Number ${d.number} is not sold in ${d.currency} to this account`,
  no_wallet: (d) => `This account has no wallet in ${d.currency}`,
  price_above_maximum: (d) => `Number ${d.number} costs more than the maximum price given`,
  insufficient_funds: (d) => `The ${d.currency} balance does not cover this; deposit money and try again`,
  requirements_unmet: (d) =>
    `Number ${d.number} needs registration (${d.country}, ${d.type}) that this account has not completed`,
  reservation_limit_reached: (d) =>
    `This account already holds ${d.limit} reservations, the most allowed; cancel one or buy its number`,
  limit_reached: (d) => {
    const [things, remedy] = limitedThings[d.kind];
    return `This account may have ${d.limit} ${things} at most; ${remedy}`;
  },
  order_abandoned: (d) => `Number ${d.number} was not bought because another line of the order failed`,
  already_assigned: (d) =>
    `Number ${d.number} is already assigned to ${article(d.kind)} ${d.kind}; unassign it first`,
  still_in_use: (d) => `The ${named(d)} is still in use: ${d.uses}`,
  cool_off_in_effect: (d) =>
    `Number ${d.number} had a call lately; it may change hands from ${d.until} (in ${d.remainingSeconds} s)`,
  wrong_state: (d) => `The ${named(d)} is ${d.state}; this needs ${d.allowed.join(' or ')}`,
  idempotency_key_reused: () => 'This idempotency key was used for a different request; use a new key',
  idempotency_in_progress: () =>
    'The first request with this idempotency key is still running; try again shortly',
  rate_limited: (d) =>
    `Too many ${d.wrongKeys ? 'wrong keys from this address' : 'requests'}; try again in ${d.retryAfterSeconds} s`,
  unavailable: () => 'The service is temporarily unavailable; nothing was changed, try again',
  outcome_unknown: (d) =>
    d.keyed
      ? 'Whether this was done is not known; ask again with the same idempotency key to learn it'
      : 'Whether this was done is not known; look whether it was before you ask again, and send an idempotency key',
  order_refused: (d) =>
    `None of the ${d.refusals.length} lines was bought: ${sentenceOf(firstCause(d.refusals))}`,
};

/** The refusal that the others followed from. */
function firstCause(refusals: readonly RefusedOrderLine[]): StoredDomainError {
  const own = refusals.find(({ error }) => error.code !== 'order_abandoned') ?? refusals[0];
  return own?.error ?? { code: 'invalid_input', details: { field: 'lines', reason: 'must not be empty' } };
}

function sentenceOf(failure: StoredDomainError): string {
  return restoreError(failure).message;
}

/** Builds a domain error with the sentence of its code. */
export function domainError<C extends DomainErrorCode>(code: C, details: DomainErrorDetails[C]): DomainError {
  return new DomainError({ code, details } as StoredDomainError, sentences[code](details));
}

export function restoreError(stored: StoredDomainError): DomainError {
  return domainError(stored.code, stored.details);
}

/** The error with the id of the thing that it names in another spelling; the empty text leaves it out. */
export function respelled(
  error: DomainError,
  spell: (kind: ResourceKind, id: ThingId) => string,
): DomainError {
  const { failure } = error;
  switch (failure.code) {
    case 'not_found':
    case 'still_in_use':
    case 'wrong_state': {
      const { kind, id } = failure.details;
      const details = { ...failure.details, id: spell(kind, id) };
      return restoreError({ code: failure.code, details } as StoredDomainError);
    }
    case 'order_refused': {
      const refusals = failure.details.refusals.map((line) => ({
        ...line,
        error: respelled(restoreError(line.error), spell).failure,
      }));
      return domainError('order_refused', { ...failure.details, refusals });
    }
    default:
      return error;
  }
}
