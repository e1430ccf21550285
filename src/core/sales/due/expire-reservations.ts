import { inTransaction } from '../../../database/transaction.js';
import { requireOperator } from '../../authority/index.js';
import { recordChanges } from '../../audit/index.js';
import { actorName } from '../../context.js';
import type { Context } from '../../context.js';
import { e164Of } from '../../number-id.js';
import { batchOf, dueBatchMax } from '../../authority/index.js';
import type { DueBatch, DueScope } from '../../authority/index.js';
import { expireHolds, lockExpiredReservations, setClocksAside } from './store.js';

/**
 * Ends a batch of holds whose time is over, dated by their own ends. Nobody waits for this: a hold means nothing past
 * its end; what is left to do is to say so. Raises forbidden.
 */
export async function expireReservations({
  ctx,
  input,
}: {
  ctx: Context;
  input: DueScope;
}): Promise<DueBatch> {
  requireOperator(ctx);
  await setClocksAside(ctx.sql, input, ctx.clock.now());
  return inTransaction(ctx.sql, async (tx) => {
    const over = await lockExpiredReservations(tx, input, ctx.clock.now(), dueBatchMax);
    if (over.length === 0) return batchOf(over);
    await expireHolds(tx, over);
    await recordChanges(
      tx,
      over.map(({ id, numberId, accountId, environment, dueAt }) => ({
        at: dueAt,
        environment,
        accountId,
        actor: actorName(ctx.actor),
        requestId: ctx.requestId,
        action: 'reservation.expire',
        subjectKind: 'reservation',
        subjectId: id,
        numberId,
        details: { number: e164Of(numberId), expires_at: dueAt.toISOString() },
        event: 'reservation.expired',
      })),
    );
    return batchOf(over);
  });
}
