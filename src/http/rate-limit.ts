import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { domainError } from '../core/errors.js';

/** What is left of a key's allowance, for the headers of an answer. */
export interface Allowance {
  readonly limit: number;
  readonly remaining: number;
  readonly resetSeconds: number;
}

export interface RateLimiter {
  /** Counts one request of a key. Raises rate_limited. */
  take(key: string): Promise<Allowance | undefined>;
}

/** The limiter of an installation that has switched limits off: for load tests. */
export const unlimited: RateLimiter = { take: () => Promise.resolve(undefined) };

const windowSeconds = 60;

/** So many requests per key and minute, counted by each server process on its own. */
export function perMinute(limit: number): RateLimiter {
  const memory = new RateLimiterMemory({ points: limit, duration: windowSeconds });
  return {
    take: async (key) => {
      try {
        const left = await memory.consume(key);
        return { limit, remaining: left.remainingPoints, resetSeconds: Math.ceil(left.msBeforeNext / 1000) };
      } catch (refused) {
        if (!(refused instanceof RateLimiterRes)) throw refused;
        throw domainError('rate_limited', {
          retryAfterSeconds: Math.max(1, Math.ceil(refused.msBeforeNext / 1000)),
        });
      }
    },
  };
}
