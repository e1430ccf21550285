import type { FastifyReply, FastifyRequest } from 'fastify';
import { checkKey } from '../core/authority/index.js';
import type { Actor, RootContext } from '../core/context.js';
import { DomainError, domainError } from '../core/errors.js';
import type { Credentials, ReadCredentials } from './credentials.js';
import { contextOf, isReading } from './exchange.js';
import type { Exchange } from './exchange.js';
import { countRequest, countWrongKey } from './limits/request-limits.js';
import type { DialectLimits } from './limits/request-limits.js';

/** How a dialect's callers say who they are. */
export interface Authentication {
  readonly credentials: ReadCredentials;
  /** Whether a key of the operator's may be used; it has no account. */
  readonly operators: boolean;
  /** A key as Numex may know it, where the wire spells keys otherwise; none for what cannot be a key. */
  readonly spellings?: (key: string) => readonly string[];
  /** The caller acting for the account that the request names. Raises forbidden, not_found. */
  readonly actingFor?: (call: Admitted) => Promise<Actor>;
}

/** What the way in to a dialect is made of. */
export interface Door {
  /** In metrics, logs and limits. */
  readonly name: string;
  readonly authentication: Authentication;
  readonly limits: DialectLimits;
  /** Headers of every answer to a known caller. */
  readonly knownCallerHeaders?: Readonly<Record<string, string | number>>;
}

export interface Admitted {
  readonly ctx: RootContext;
  readonly request: FastifyRequest;
}

/**
 * Who asks, and whether they may ask now; looked at before anything else of a request, so that a stranger learns nothing.
 * Sets the headers of the caller's allowance.
 * Raises unauthenticated, rate_limited, forbidden, account_blocked, read_only_key.
 */
export async function admit(
  exchange: Exchange,
  door: Door,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<Actor> {
  const { authentication, limits, knownCallerHeaders } = door;
  const caller = await callerOf(exchange, authentication, request);
  if (knownCallerHeaders) void reply.headers(knownCallerHeaders);
  if (exchange.limiter) {
    const count = await countRequest(exchange.limiter, door.name, limits, caller);
    if (limits.headers) void reply.headers(limits.headers(count));
    if (count.exceeded) throw domainError('rate_limited', { retryAfterSeconds: count.resetSeconds });
  }
  if (caller.kind === 'key') checkKey(caller, isReading(request));
  const { actingFor } = authentication;
  return actingFor ? actingFor({ ctx: contextOf(exchange, request, caller), request }) : caller;
}

/** The holder of the request's key. A wrong key counts against its address; a right one is never kept waiting for it. */
async function callerOf(
  exchange: Exchange,
  { credentials, operators, spellings }: Authentication,
  request: FastifyRequest,
): Promise<Actor> {
  const shown = credentials(request.headers);
  if (!shown) throw domainError('unauthenticated', { reason: 'missing' });
  const candidates = spellings ? spellings(shown.key) : [shown.key];
  const actor = await holderOf(exchange, shown, candidates);
  if (!actor) {
    if (exchange.limiter && candidates.length > 0) await countWrongKey(exchange.limiter, request);
    throw domainError('unauthenticated', { reason: 'unknown' });
  }
  if (actor.kind === 'key' || operators) return actor;
  throw domainError('forbidden', { reason: 'This needs the key of an account, not an admin key' });
}

async function holderOf(
  exchange: Exchange,
  { account }: Credentials,
  candidates: readonly string[],
): Promise<Actor | undefined> {
  for (const candidate of candidates) {
    const actor = await known(exchange, candidate);
    const isTheirs = actor?.kind !== 'key' || account === undefined || account === actor.account.publicId;
    if (actor && isTheirs) return actor;
  }
  return undefined;
}

async function known(exchange: Exchange, key: string): Promise<Actor | undefined> {
  try {
    return await exchange.authenticate(key);
  } catch (error) {
    if (error instanceof DomainError && error.code === 'unauthenticated') return undefined;
    throw error;
  }
}
