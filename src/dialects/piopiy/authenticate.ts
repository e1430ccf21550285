import type { FastifyRequest } from 'fastify';
import { actingAccount } from '../../core/authority/index.js';
import type { Actor } from '../../core/context.js';
import { authenticateRequest } from '../../http/exchange.js';
import type { Exchange } from '../../http/exchange.js';

/**
 * `Authorization: Bearer KEY` on every call, looked at before anything else of the request (contract 1.1). An operator's
 * key has no account and so no business here.
 */
export async function authenticate(exchange: Exchange, request: FastifyRequest): Promise<Actor> {
  const match = /^Bearer +(\S+) *$/i.exec(request.headers.authorization ?? '');
  const actor = await authenticateRequest(exchange, request, match?.[1]);
  actingAccount({ actor });
  return actor;
}
