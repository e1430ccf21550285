import { RateLimiterMemory } from 'rate-limiter-flexible';
import { domainError } from '../core/errors.js';

/** What is left of a key's allowance, for the headers of an answer. */
export interface Allowance {
  readonly limit: number;
  readonly remaining: number;
  readonly resetSeconds: number;
}

export interface RateLimiter {
  /** Counts one request of a key against its own limit or, without one, everybody's. Raises rate_limited. */
  take(key: string, limit?: number): Promise<Allowance | undefined>;
}

/** The limiter of an installation that has switched limits off: for load tests. */
export const unlimited: RateLimiter = { take: () => Promise.resolve(undefined) };

const windowSeconds = 60;

/** So many requests per key and minute, counted by each server process on its own. */
export function perMinute(usualLimit: number): RateLimiter {
  // Only the counting is asked of it: a limit is compared here, since some keys have one of their own.
  const counter = new RateLimiterMemory({ points: Number.MAX_SAFE_INTEGER, duration: windowSeconds });
  return {
    take: async (key, limit = usualLimit) => {
      const { consumedPoints, msBeforeNext } = await counter.consume(key);
      const resetSeconds = Math.ceil(msBeforeNext / 1000);
      if (consumedPoints > limit) {
        throw domainError('rate_limited', { retryAfterSeconds: Math.max(1, resetSeconds) });
      }
      return { limit, remaining: limit - consumedPoints, resetSeconds };
    },
  };
}
