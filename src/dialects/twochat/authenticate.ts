import type { FastifyRequest } from 'fastify';
import type { Actor } from '../../core/context.js';
import { domainError } from '../../core/errors.js';
import { authenticateRequest } from '../../http/exchange.js';
import type { Exchange } from '../../http/exchange.js';

/** `X-User-API-Key` on every call, looked at before any parameter (contract 1.1). An operator's key has no account. */
export async function authenticate(
  exchange: Exchange,
  request: FastifyRequest,
): Promise<Extract<Actor, { kind: 'key' }>> {
  const header = request.headers['x-user-api-key'];
  const actor = await authenticateRequest(exchange, request, typeof header === 'string' ? header : undefined);
  if (actor.kind !== 'key') {
    throw domainError('forbidden', { reason: 'This needs the key of an account, not an admin key' });
  }
  return actor;
}
