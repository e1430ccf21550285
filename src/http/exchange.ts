import type { FastifyRequest } from 'fastify';
import type { Authenticate } from '../core/accounts/index.js';
import type { Actor, Desk, RootContext } from '../core/context.js';
import type { Clock } from '../lib/clock.js';
import { idempotencyOf } from './idempotency.js';

/** What every dialect is handed: the running exchange. */
export interface Exchange {
  readonly sql: RootContext['sql'];
  readonly desk: Desk;
  readonly clock: Clock;
  readonly authenticate: Authenticate;
  /** False for load tests: no request is refused for coming too often. */
  readonly rateLimits: boolean;
}

/** The context of one request; a write carries its idempotency key. */
export function contextOf(exchange: Exchange, request: FastifyRequest, actor: Actor): RootContext {
  const writes = request.method !== 'GET' && request.method !== 'HEAD';
  return {
    sql: exchange.sql,
    desk: exchange.desk,
    clock: exchange.clock,
    actor,
    requestId: request.id,
    idempotency: writes ? idempotencyOf(request) : undefined,
  };
}
