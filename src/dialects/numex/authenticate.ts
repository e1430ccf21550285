import type { FastifyRequest } from 'fastify';
import { actingAccount } from '../../core/accounts/index.js';
import type { RootContext } from '../../core/context.js';
import { contextOf } from '../../http/exchange.js';
import type { Exchange } from '../../http/exchange.js';

/** `Authorization: Bearer KEY`, an account's or the operator's. Raises unauthenticated, account_blocked. */
export async function authenticate(exchange: Exchange, request: FastifyRequest): Promise<RootContext> {
  const match = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '');
  const actor = await exchange.authenticate(match?.[1]);
  const ctx = contextOf(exchange, request, actor);
  if (actor.kind === 'key') actingAccount(ctx);
  return ctx;
}
