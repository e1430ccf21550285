import postgres from 'postgres';
import { classifyFailure, isConnectionLoss, TransactionLostError } from './failure.js';
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
  return retrying(() => onePass(sql, work));
}

/** Runs work as a part of a transaction that can fail alone. */
export async function inSavepoint<T>(tx: Transaction, work: (tx: Transaction) => Promise<T>): Promise<T> {
  return (await tx.savepoint((inner) => unlessConnectionLost(work(inner)))) as T;
}

/**
 * One transaction, tried once. When its connection is lost, its work never returns to the driver, which would send a
 * rollback over a closed socket and end the process. Raises TransactionLostError: before the commit was sent nothing
 * has happened, after it nobody knows.
 */
export async function onePass<T>(pool: Pool, work: (tx: Transaction) => Promise<T>): Promise<T> {
  let lost: unknown;
  const sent = { commit: false };
  const run = pool.begin(async (tx) => {
    const result = await unlessConnectionLost(work(refusingWhen(tx, () => lost)));
    sent.commit = true;
    return result;
  });
  run.catch((error: unknown) => {
    lost = error;
  });
  try {
    return (await run) as T;
  } catch (error) {
    if (!isConnectionLoss(error)) throw error;
    throw new TransactionLostError(sent.commit ? 'unknown' : 'no', error);
  }
}

function unlessConnectionLost<T>(work: Promise<T>): Promise<T> {
  return work.catch((error: unknown) => {
    if (!isConnectionLoss(error) || error instanceof postgres.PostgresError) throw error;
    return new Promise<never>(() => undefined);
  });
}

function refusingWhen(tx: Transaction, lost: () => unknown): Transaction {
  return new Proxy(tx, {
    apply: (target, thisArg, args) => {
      const reason = lost();
      if (reason !== undefined)
        throw reason instanceof Error ? reason : new Error('The transaction has ended');
      return Reflect.apply<unknown, unknown[], unknown>(target, thisArg, args);
    },
  });
}
