import { gatherByPool } from '../../database/gather-by-pool.js';
import type { Context } from '../context.js';
import { findLastCalls } from './store.js';

/**
 * When each number had its last call, whoever held it then: the start of the latest call; now, while one goes on. A
 * number that never had one is absent. For use inside other verbs: whoever holds the number's row locked has the answer
 * for as long as the lock.
 */
export async function lastCallAt(
  { sql, clock }: Pick<Context, 'sql' | 'clock'>,
  numberIds: readonly number[],
): Promise<Map<number, Date>> {
  if (numberIds.length === 0) return new Map();
  const now = clock.now();
  const found = await findCalls(sql, numberIds);
  return new Map(
    [...found].map(([numberId, { startedAt, inProgress }]) => [
      numberId,
      inProgress || startedAt > now ? now : startedAt,
    ]),
  );
}

const findCalls = gatherByPool(
  async (sql, numberIds) => new Map((await findLastCalls(sql, numberIds)).map((row) => [row.numberId, row])),
);
