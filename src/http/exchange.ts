import type { FastifyRequest } from 'fastify';
import type { Authenticate } from '../core/accounts/index.js';
import { accountOf, clockOf } from '../core/context.js';
import type { Actor, Desk, RootContext } from '../core/context.js';
import { domainError } from '../core/errors.js';
import type { Clock } from '../lib/clock.js';
import { idempotencyOf } from './idempotency.js';
import type { Limiter } from './limits/limiter.js';
import type { UploadPlaces } from './upload/places.js';

type RequestWork = 'reads' | 'writes';

/** The database for requests, at which parties take fair turns; see database/request-connections. */
export interface Connections {
  /** The database as one party sees it. */
  of(party: string, work: RequestWork): RootContext['sql'];
  /** Lets a request in; gives what to call when it is answered, or undefined when its party has too many waiting. */
  letIn(party: string, work: RequestWork): (() => void) | undefined;
}

/** What every dialect is handed: the running exchange. */
export interface Exchange {
  readonly connections: Connections;
  readonly desk: Desk;
  readonly documents: RootContext['documents'];
  /** Where uploads wait for their turn. */
  readonly uploads: UploadPlaces;
  readonly clock: Clock;
  readonly authenticate: Authenticate;
  /** Undefined for load tests: no request is refused for coming too often. */
  readonly limiter: Limiter | undefined;
  /** Whether webhooks may go to addresses that are not public; no unless set. */
  readonly allowPrivateTargets?: boolean | undefined;
}

const readingMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

export function isReading({ method }: Pick<FastifyRequest, 'method'>): boolean {
  return readingMethods.has(method);
}

/** Who shares turns at the database: an account with its sub-accounts, or the operator. */
function partyOf(actor: Actor): string {
  if (actor.kind !== 'key') return actor.kind;
  return String(actor.account.parentId ?? actor.account.id);
}

function workOf(request: FastifyRequest): RequestWork {
  return readingMethods.has(request.method) ? 'reads' : 'writes';
}

/** When a request that was turned away may come again. */
const retryAfterSeconds = 1;

/**
 * Lets a request in before it does anything, and gives what to call when it is answered.
 *
 * Raises rate_limited while its party has too many others waiting for the database.
 */
export function letIn({ connections }: Exchange, request: FastifyRequest, actor: Actor): () => void {
  const leave = connections.letIn(partyOf(actor), workOf(request));
  if (!leave) throw domainError('rate_limited', { retryAfterSeconds });
  return leave;
}

/** The context of one request, in the time that its account lives by; a write carries its idempotency key. */
export function contextOf(
  exchange: Exchange,
  request: FastifyRequest,
  actor: Actor,
  noteReplay?: () => void,
): RootContext {
  const account = accountOf(actor);
  const idempotency = isReading(request) ? undefined : idempotencyOf(request);
  return {
    sql: exchange.connections.of(partyOf(actor), workOf(request)),
    desk: exchange.desk,
    documents: exchange.documents,
    clock: account ? clockOf(account, exchange.clock) : exchange.clock,
    serverClock: exchange.clock,
    actor,
    requestId: request.id,
    idempotency: idempotency && { ...idempotency, noteReplay },
    allowPrivateTargets: exchange.allowPrivateTargets,
  };
}
