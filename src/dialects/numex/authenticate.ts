import type { FastifyRequest } from 'fastify';
import type { Actor } from '../../core/context.js';
import { authenticateRequest } from '../../http/exchange.js';
import type { Exchange } from '../../http/exchange.js';

/** `Authorization: Bearer KEY`, an account's or the operator's. Raises unauthenticated, account_blocked, forbidden. */
export function authenticate(exchange: Exchange, request: FastifyRequest): Promise<Actor> {
  const match = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '');
  return authenticateRequest(exchange, request, match?.[1]);
}
