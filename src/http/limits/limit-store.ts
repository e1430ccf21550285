import { RateLimiterMemory, RateLimiterPostgres } from 'rate-limiter-flexible';
import type { RootContext } from '../../core/context.js';

/** Where the points of windows are counted. */
export interface LimitStore {
  /** Takes points of a key's window: how many have been taken now, and when the window ends (ms since 1970). */
  take(
    key: string,
    points: number,
    windowSeconds: number,
  ): Promise<{ readonly taken: number; readonly endsAt: number }>;
}

/** Longer than this no request waits for the store. */
const patienceMs = 500;

interface Statement {
  readonly text: string;
  readonly values?: readonly (string | number)[];
}

/** A query as the library asks it (node-postgres), on our pool. */
function clientOf(sql: RootContext['sql']) {
  return {
    query: async ({ text, values = [] }: Statement) => {
      const rows = await within(patienceMs, sql.unsafe(text, [...values], { prepare: true }));
      return { rows, rowCount: rows.count };
    },
  };
}

/**
 * Windows in the database, shared by all processes. While the database does not answer, each process counts by itself,
 * so that limits are never what fails. Rows of windows that have ended are deleted every few minutes.
 */
export function sharedLimitStore(sql: RootContext['sql']): LimitStore {
  // Limits differ by key and are compared by whoever asks.
  const unlimited = { points: Number.MAX_SAFE_INTEGER, duration: 60, keyPrefix: '' };
  const windows = new RateLimiterPostgres({
    storeClient: clientOf(sql),
    storeType: 'client',
    tableName: 'rate_limit',
    tableCreated: true,
    insuranceLimiter: new RateLimiterMemory(unlimited),
    ...unlimited,
  });
  return {
    take: async (key, amount, windowSeconds) => {
      const counted = await windows.penalty(key, amount, { customDuration: windowSeconds });
      return { taken: counted.consumedPoints, endsAt: Date.now() + counted.msBeforeNext };
    },
  };
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('the store of limits did not answer in time')), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
