import type { FastifyRequest } from 'fastify';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import type { Actor } from '../../core/context.js';
import { DomainError, domainError } from '../../core/errors.js';
import type { Exchange } from '../../http/exchange.js';

/** Failed authentications from one address that are looked at, within the window (contract 1.2). */
const failuresMax = 100;
const failureWindowSeconds = 15 * 60;

/** This vendor's prefixes, and ours behind each: the same secret is the same key under either. */
const ownPrefixes = ['nx_live_', 'nx_test_'] as const;
const vendorPrefix = /^sfy_(live|org)_/;
const knownPrefix = /^(nx_(live|test|admin)_|sfy_(live|org)_)/;

export type KeyActor = Extract<Actor, { kind: 'key' }>;

export interface Authenticator {
  /** Who asks; what the key may do is looked at once the request has been counted. Raises unauthenticated, forbidden. */
  readonly authenticate: (request: FastifyRequest) => Promise<KeyActor>;
  /** True when the request was refused because too many failed before it. */
  readonly wasHeldOff: (request: FastifyRequest) => boolean;
}

/**
 * `Authorization: Bearer KEY`, or `X-Api-Key: KEY` (contract 1.2). A key with another vendor's prefix is refused without
 * a look-up; addresses that guess are held off.
 */
export function authenticatorOf(exchange: Exchange): Authenticator {
  const failures = new RateLimiterMemory({ points: failuresMax, duration: failureWindowSeconds });
  const heldOff = new WeakSet<FastifyRequest>();
  const authenticate = async (request: FastifyRequest): Promise<KeyActor> => {
    const key = keyOf(request);
    if (key !== undefined && !knownPrefix.test(key)) {
      throw domainError('unauthenticated', { reason: 'unknown' });
    }
    if (exchange.rateLimits) {
      const past = await failures.get(request.ip);
      if (past && past.consumedPoints >= failuresMax) {
        heldOff.add(request);
        const retryAfterSeconds = Math.max(1, Math.ceil(past.msBeforeNext / 1000));
        throw domainError('rate_limited', { retryAfterSeconds });
      }
    }
    try {
      return await tenantOf(exchange, key);
    } catch (error) {
      const wrongKey = error instanceof DomainError && error.code === 'unauthenticated' && key !== undefined;
      if (wrongKey && exchange.rateLimits) await failures.penalty(request.ip, 1);
      throw error;
    }
  };
  return { authenticate, wasHeldOff: (request) => heldOff.has(request) };
}

async function tenantOf(exchange: Exchange, key: string | undefined): Promise<KeyActor> {
  const candidates = key !== undefined && vendorPrefix.test(key) ? ownSpellings(key) : [key];
  for (const [index, candidate] of candidates.entries()) {
    try {
      return requireTenant(await exchange.authenticate(candidate));
    } catch (error) {
      const unknown = error instanceof DomainError && error.code === 'unauthenticated';
      if (!unknown || index === candidates.length - 1) throw error;
    }
  }
  throw domainError('unauthenticated', { reason: 'unknown' });
}

/** Raises forbidden for an operator's key, which has no account. */
function requireTenant(actor: Actor): KeyActor {
  if (actor.kind === 'key') return actor;
  throw domainError('forbidden', { reason: 'This needs the key of an account, not an admin key' });
}

function ownSpellings(key: string): string[] {
  return ownPrefixes.map((prefix) => key.replace(vendorPrefix, prefix));
}

/** The key of a request; `Authorization` wins over `X-Api-Key`. */
function keyOf(request: FastifyRequest): string | undefined {
  const { authorization, 'x-api-key': header } = request.headers;
  const bearer = /^Bearer +(\S+) *$/i.exec(authorization ?? '')?.[1];
  if (authorization !== undefined && authorization.trim() !== '') return bearer ?? authorization.trim();
  return typeof header === 'string' && header !== '' ? header.trim() : undefined;
}
