import ipaddr from 'ipaddr.js';
import type { FastifyRequest } from 'fastify';
import type { Actor } from '../../core/context.js';
import { domainError } from '../../core/errors.js';
import type { Allowance, Count, Limit, Limiter } from './limiter.js';

/** How often a dialect's callers may ask. */
export interface DialectLimits {
  /** Of one account, by all its keys. */
  readonly requestsPerMinute: number;
  /** Whether what a parent allows its sub-account takes the place of the dialect's limit; else both hold. */
  readonly ownLimitReplaces?: boolean;
  /** Headers that tell the allowance, where the dialect has any; on refusals too. */
  readonly headers?: (allowance: Allowance) => Readonly<Record<string, string | number>>;
}

const minuteSeconds = 60;

/** Wrong keys answered as such to one address in a window; further ones are refused with a time to wait. */
const wrongKeysMax = 100;
const wrongKeyWindowSeconds = 15 * 60;

/**
 * Counts a request of a known caller: by its account, whatever key it uses. What a parent allows its sub-account holds
 * for all dialects together.
 */
export async function countRequest(
  limiter: Limiter,
  dialect: string,
  { requestsPerMinute, ownLimitReplaces = false }: DialectLimits,
  actor: Actor,
): Promise<Count> {
  const caller = callerOf(actor);
  const own = actor.kind === 'key' ? (actor.requestsPerMinute ?? undefined) : undefined;
  const limits: Limit[] = [];
  if (own !== undefined) limits.push(perMinute(caller, own));
  if (own === undefined || !ownLimitReplaces)
    limits.push(perMinute(`${caller}@${dialect}`, requestsPerMinute));
  const counts = await Promise.all(limits.map((limit) => limiter.count(limit)));
  return counts.reduce(tighter);
}

/** Counts a wrong key against its address. Raises rate_limited when that address has tried too many. */
export async function countWrongKey(limiter: Limiter, request: FastifyRequest): Promise<void> {
  const { exceeded, resetSeconds } = await limiter.count({
    key: `wrong-key:${networkOf(request.ip)}`,
    requests: wrongKeysMax,
    windowSeconds: wrongKeyWindowSeconds,
  });
  if (exceeded) throw domainError('rate_limited', { retryAfterSeconds: resetSeconds, wrongKeys: true });
}

function perMinute(key: string, requests: number): Limit {
  return { key, requests, windowSeconds: minuteSeconds };
}

function callerOf(actor: Actor): string {
  return actor.kind === 'key' ? `account:${actor.account.id}` : `operator:${actorKey(actor)}`;
}

function actorKey(actor: Exclude<Actor, { kind: 'key' }>): string {
  return actor.kind === 'operator' ? String(actor.keyId) : actor.name;
}

function tighter(a: Count, b: Count): Count {
  if (a.exceeded !== b.exceeded) return a.exceeded ? a : b;
  return b.remaining < a.remaining ? b : a;
}

const v6NetworkBytes = 8;

/** An address by which guesses are counted: IPv6 by its /64, which one customer has to himself. */
export function networkOf(ip: string): string {
  if (!ipaddr.isValid(ip)) return 'no address';
  const address = ipaddr.process(ip);
  if (address.kind() === 'ipv4') return address.toString();
  return Buffer.from(address.toByteArray().slice(0, v6NetworkBytes)).toString('hex');
}
