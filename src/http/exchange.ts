import type { FastifyRequest } from 'fastify';
import type { Authenticate } from '../core/accounts/index.js';
import { accountOf, clockOf } from '../core/context.js';
import type { Actor, Desk, RootContext } from '../core/context.js';
import type { Clock } from '../lib/clock.js';
import { idempotencyOf } from './idempotency.js';
import type { Limiter } from './limits/limiter.js';

/** What every dialect is handed: the running exchange. */
export interface Exchange {
  readonly sql: RootContext['sql'];
  readonly desk: Desk;
  readonly documents: RootContext['documents'];
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

/** The context of one request, in the time that its account lives by; a write carries its idempotency key. */
export function contextOf(exchange: Exchange, request: FastifyRequest, actor: Actor): RootContext {
  const account = accountOf(actor);
  return {
    sql: exchange.sql,
    desk: exchange.desk,
    documents: exchange.documents,
    clock: account ? clockOf(account, exchange.clock) : exchange.clock,
    serverClock: exchange.clock,
    actor,
    requestId: request.id,
    idempotency: isReading(request) ? undefined : idempotencyOf(request),
    allowPrivateTargets: exchange.allowPrivateTargets,
  };
}
