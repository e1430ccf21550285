import type { FastifyRequest } from 'fastify';
import type { Actor } from '../../core/context.js';
import { domainError } from '../../core/errors.js';
import { authenticateRequest } from '../../http/exchange.js';
import type { Exchange } from '../../http/exchange.js';
import { accessTokenPrefix } from '../../lib/ids.js';

interface Pair {
  readonly authId: string;
  readonly authToken: string;
}

/**
 * `X-Auth-ID` and `X-Auth-Token`, or the same pair as HTTP Basic (contract 1.2). The id must be the key's own account;
 * an operator's key has none, and its id says nothing. Beside a pair any Authorization header is unimportant; without
 * one an access token works as Bearer.
 *
 * Raises unauthenticated, account_blocked, read_only_key.
 */
export async function authenticate(exchange: Exchange, request: FastifyRequest): Promise<Actor> {
  const pair = headerPair(request) ?? basicPair(request);
  const token = accessToken(request);
  if (!pair && token !== undefined) return authenticateRequest(exchange, request, token);
  const actor = await authenticateRequest(exchange, request, pair?.authToken);
  if (actor.kind === 'key' && actor.account.publicId !== pair?.authId) {
    throw domainError('unauthenticated', { reason: 'unknown' });
  }
  return actor;
}

/** An account token sent as Bearer is refused in words of its own: this wire keeps Bearer for another kind of token. */
export function isBearerAlone(request: FastifyRequest): boolean {
  const { 'x-auth-id': id, 'x-auth-token': token, authorization = '' } = request.headers;
  return id === undefined && token === undefined && /^Bearer\b/i.test(authorization);
}

function accessToken({ headers }: FastifyRequest): string | undefined {
  const [, token] = /^Bearer +(\S+) *$/i.exec(headers.authorization ?? '') ?? [];
  return token?.startsWith(accessTokenPrefix) ? token : undefined;
}

function headerPair({ headers }: FastifyRequest): Pair | undefined {
  const { 'x-auth-id': authId, 'x-auth-token': authToken } = headers;
  return typeof authId === 'string' && typeof authToken === 'string' ? { authId, authToken } : undefined;
}

function basicPair({ headers }: FastifyRequest): Pair | undefined {
  const match = /^Basic +([A-Za-z0-9+/=_-]+) *$/i.exec(headers.authorization ?? '');
  const text = Buffer.from(match?.[1] ?? '', 'base64').toString();
  const colon = text.indexOf(':');
  return colon < 0 ? undefined : { authId: text.slice(0, colon), authToken: text.slice(colon + 1) };
}
