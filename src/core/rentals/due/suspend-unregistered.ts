import { inTransaction } from '../../../database/transaction.js';
import { requireOperator } from '../../authority/index.js';
import { recordChanges } from '../../audit/index.js';
import { actorName } from '../../context.js';
import type { Context } from '../../context.js';
import { e164Of } from '../../number-id.js';
import { batchOf, dueBatchMax } from '../../authority/index.js';
import type { DueBatch, DueScope } from '../../authority/index.js';
import { setClocksAside } from './set-aside-store.js';
import { lockUnregisteredRentals, suspendRentals } from './store.js';

/**
 * Suspends a batch of rentals whose requirements were not met within the time that the policy gives from their start.
 *
 * Raises forbidden.
 */
export async function suspendUnregistered({
  ctx,
  input,
}: {
  ctx: Context;
  input: DueScope;
}): Promise<DueBatch> {
  requireOperator(ctx);
  await setClocksAside(ctx.sql, 'registration', input, ctx.clock.now());
  return inTransaction(ctx.sql, async (tx) => {
    const late = await lockUnregisteredRentals(tx, input, ctx.clock.now(), dueBatchMax);
    if (late.length === 0) return batchOf(late);
    await suspendRentals(tx, late);
    await recordChanges(
      tx,
      late.map(({ rentalId, numberId, accountId, environment, dueAt }) => ({
        at: dueAt,
        environment,
        accountId,
        actor: actorName(ctx.actor),
        requestId: ctx.requestId,
        action: 'number.suspend',
        subjectKind: 'rental',
        subjectId: rentalId,
        numberId,
        details: { number: e164Of(numberId), reason: 'requirements_unmet', register_by: dueAt.toISOString() },
        event: 'number.suspended',
      })),
    );
    return batchOf(late);
  });
}
