import type { FastifyRequest } from 'fastify';
import { actFor } from '../../core/authority/index.js';
import { getAccount } from '../../core/accounts/index.js';
import type { Actor } from '../../core/context.js';
import { authenticateRequest, contextOf } from '../../http/exchange.js';
import type { Exchange } from '../../http/exchange.js';

/**
 * `Authorization: Bearer KEY`, an account's or the operator's. `X-Account` names whose affairs these are where that is
 * another account: any for the operator, a sub-account of its own for a key.
 *
 * Raises unauthenticated, account_blocked, forbidden, not_found (account).
 */
export async function authenticate(exchange: Exchange, request: FastifyRequest): Promise<Actor> {
  const match = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '');
  const actor = await authenticateRequest(exchange, request, match?.[1]);
  const named = request.headers['x-account'];
  if (typeof named !== 'string') return actor;
  const ctx = contextOf(exchange, request, actor);
  return actFor(actor, await getAccount({ ctx, input: { account: named } }));
}
