import type { FastifyRequest } from 'fastify';
import { actingAccount } from '../../core/accounts/index.js';
import type { Actor, RootContext } from '../../core/context.js';
import { contextOf } from '../../http/exchange.js';
import type { Exchange } from '../../http/exchange.js';

/** `Authorization: Bearer KEY` on every call, looked at before anything else of the request (contract 1.1). */
export async function authenticate(exchange: Exchange, request: FastifyRequest): Promise<Actor> {
  const match = /^Bearer +(\S+) *$/i.exec(request.headers.authorization ?? '');
  return exchange.authenticate(match?.[1]);
}

/** The context of a call, once its body has been read. Raises forbidden for a key without an account, account_blocked. */
export function accountContext(exchange: Exchange, request: FastifyRequest, actor: Actor): RootContext {
  const ctx = contextOf(exchange, request, actor);
  actingAccount(ctx);
  return ctx;
}
