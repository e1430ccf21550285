import type { FastifyRequest } from 'fastify';
import { actingAccount } from '../../core/accounts/index.js';
import type { RootContext } from '../../core/context.js';
import { contextOf } from '../../http/exchange.js';
import type { Exchange } from '../../http/exchange.js';

/** `X-User-API-Key` on every call, looked at before any parameter (contract 1.1). */
export async function authenticate(exchange: Exchange, request: FastifyRequest): Promise<RootContext> {
  const header = request.headers['x-user-api-key'];
  const actor = await exchange.authenticate(typeof header === 'string' ? header : undefined);
  const ctx = contextOf(exchange, request, actor);
  actingAccount(ctx);
  return ctx;
}
