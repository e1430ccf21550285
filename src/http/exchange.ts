import type { FastifyRequest } from 'fastify';
import { checkKey } from '../core/authority/index.js';
import type { Authenticate } from '../core/accounts/index.js';
import { accountOf, clockOf } from '../core/context.js';
import type { Actor, Desk, RootContext } from '../core/context.js';
import type { Clock } from '../lib/clock.js';
import { idempotencyOf } from './idempotency.js';

/** What every dialect is handed: the running exchange. */
export interface Exchange {
  readonly sql: RootContext['sql'];
  readonly desk: Desk;
  readonly documents: RootContext['documents'];
  readonly clock: Clock;
  readonly authenticate: Authenticate;
  /** False for load tests: no request is refused for coming too often. */
  readonly rateLimits: boolean;
  /** Whether webhooks may go to addresses that are not public; no unless set. */
  readonly allowPrivateTargets?: boolean | undefined;
}

const readingMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Who asks, before anything else of the request is looked at: a stranger learns nothing, not even what is malformed.
 *
 * Raises unauthenticated, account_blocked, read_only_key.
 */
export async function authenticateRequest(
  exchange: Exchange,
  request: FastifyRequest,
  key: string | undefined,
): Promise<Actor> {
  const actor = await exchange.authenticate(key);
  if (actor.kind === 'key') checkKey(actor, readingMethods.has(request.method));
  return actor;
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
    idempotency: readingMethods.has(request.method) ? undefined : idempotencyOf(request),
    allowPrivateTargets: exchange.allowPrivateTargets,
  };
}
