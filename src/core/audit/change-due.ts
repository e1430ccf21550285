import type { Sql, Transaction } from '../../database/connection.js';
import { inTransaction } from '../../database/transaction.js';
import { batchOf, dueBatchMax, requireOperator } from '../authority/index.js';
import type { DueBatch, DueScope } from '../authority/index.js';
import { actorName } from '../context.js';
import type { Context, Environment } from '../context.js';
import type { Change } from './change.js';
import { recordChanges } from './record-change.js';

/** A row whose time has come, with what the trail keeps of it. */
export interface DueRow {
  readonly numberId: number;
  readonly accountId: number;
  readonly environment: Environment;
  readonly dueAt: Date;
}

/** One kind of due work on numbers that accounts hold. */
export interface DueWork<T extends DueRow> {
  /** Leaves the rows of accounts on test clocks out of live due work. */
  readonly setAside: (sql: Sql, scope: DueScope, now: Date) => Promise<void>;
  /** Locks a batch of due rows, in order of their due times. */
  readonly lock: (tx: Sql, scope: DueScope, now: Date, limit: number) => Promise<T[]>;
  readonly write: (tx: Transaction, rows: T[], now: Date) => Promise<void>;
  readonly entry: (row: T) => Pick<Change, 'action' | 'subjectKind' | 'subjectId' | 'details' | 'event'>;
}

/** Does a batch of due work in one transaction, each change dated by its own due time. Raises forbidden. */
export async function changeDue<T extends DueRow>(
  ctx: Context,
  scope: DueScope,
  { setAside, lock, write, entry }: DueWork<T>,
): Promise<DueBatch> {
  requireOperator(ctx);
  const now = ctx.clock.now();
  await setAside(ctx.sql, scope, now);
  return inTransaction(ctx.sql, async (tx) => {
    const rows = await lock(tx, scope, now, dueBatchMax);
    if (rows.length === 0) return batchOf(rows);
    await write(tx, rows, now);
    const { requestId } = ctx;
    const actor = actorName(ctx.actor);
    await recordChanges(
      tx,
      rows.map((row) => {
        const { numberId, accountId, environment, dueAt: at } = row;
        return { at, environment, accountId, numberId, actor, requestId, ...entry(row) };
      }),
    );
    return batchOf(rows);
  });
}
