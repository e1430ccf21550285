import { inTransaction } from '../../../database/transaction.js';
import { requireOperator } from '../../authority/index.js';
import { recordChanges } from '../../audit/index.js';
import { actorName } from '../../context.js';
import type { Context } from '../../context.js';
import { e164Of, environmentOf } from '../../number-id.js';
import { batchOf, dueBatchMax } from '../../authority/index.js';
import type { DueBatch, DueScope } from '../../authority/index.js';
import { returnRestedNumbers } from './store.js';

/** Puts a batch of numbers back on their shelves whose rest is over. Raises forbidden. */
export async function endQuarantines({ ctx, input }: { ctx: Context; input: DueScope }): Promise<DueBatch> {
  requireOperator(ctx);
  return inTransaction(ctx.sql, async (tx) => {
    const rested = await returnRestedNumbers(tx, input, ctx.clock.now(), dueBatchMax);
    await recordChanges(
      tx,
      rested.map(({ id, dueAt }) => ({
        at: dueAt,
        environment: environmentOf(id),
        accountId: null,
        actor: actorName(ctx.actor),
        requestId: ctx.requestId,
        action: 'number.end_rest',
        subjectKind: 'number',
        subjectId: id,
        numberId: id,
        details: { number: e164Of(id), rests_until: dueAt.toISOString() },
      })),
    );
    return batchOf(rested);
  });
}
