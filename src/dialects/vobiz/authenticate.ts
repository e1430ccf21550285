import type { FastifyRequest } from 'fastify';
import { actForNamed } from '../../core/accounts/index.js';
import type { Actor } from '../../core/context.js';
import type { Admitted, Authentication } from '../../http/admission.js';
import { basic, bearer, firstOf, headerPair } from '../../http/credentials.js';
import type { ReadCredentials } from '../../http/credentials.js';
import { accessTokenPrefix } from '../../lib/ids.js';

const accessToken: ReadCredentials = (headers) => {
  const shown = bearer(headers);
  return shown?.key.startsWith(accessTokenPrefix) ? shown : undefined;
};

/**
 * `X-Auth-ID` and `X-Auth-Token`, or the same pair as HTTP Basic (contract 1.2). The id must be the key's own account;
 * an operator's key has none, and its id says nothing. Beside a pair any Authorization header is unimportant; without
 * one an access token works as Bearer.
 */
export const authentication: Authentication = {
  credentials: firstOf(headerPair('x-auth-id', 'x-auth-token'), basic, accessToken),
  operators: true,
  actingFor: accountOfPath,
};

/** An account token sent as Bearer is refused in words of its own: this wire keeps Bearer for another kind of token. */
export function isBearerAlone(request: FastifyRequest): boolean {
  const { 'x-auth-id': id, 'x-auth-token': token, authorization = '' } = request.headers;
  return id === undefined && token === undefined && /^Bearer\b/i.test(authorization);
}

/** The account that the path names, before anything else is looked at (contract 1.2). */
async function accountOfPath({ ctx, request }: Admitted): Promise<Actor> {
  const { authId } = request.params as { readonly authId?: string };
  return authId === undefined ? ctx.actor : actForNamed({ ctx, input: { account: authId } });
}
