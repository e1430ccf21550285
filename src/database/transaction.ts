import { classifyFailure } from './failure.js';
import type { Pool, Sql, Transaction } from './connection.js';

/** How often a statement that lost a serialization race or a deadlock is tried again. */
export const attemptsMax = 5;

/** Runs work again when the server asks for it (40001, 40P01), a bounded number of times. */
export async function retrying<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (attempt >= attemptsMax || classifyFailure(error).kind !== 'retry') throw error;
    }
  }
}

function isPool(sql: Sql): sql is Pool {
  return 'begin' in sql;
}

/**
 * Runs work in a transaction: joins the one it is given, or opens one and commits it when work returns. A joined
 * transaction is not retried here; whoever opened it does that.
 */
export async function inTransaction<T>(sql: Sql, work: (tx: Transaction) => Promise<T>): Promise<T> {
  if (!isPool(sql)) return work(sql);
  return retrying(async () => (await sql.begin((tx) => work(tx))) as T);
}
