import { changeDue } from '../../audit/index.js';
import type { DueBatch, DueScope } from '../../authority/index.js';
import type { Context } from '../../context.js';
import { e164Of } from '../../number-id.js';
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
  return changeDue(ctx, input, {
    setAside: setClocksAside,
    lock: lockExpiredReservations,
    write: expireHolds,
    entry: ({ id, numberId, dueAt }) => ({
      action: 'reservation.expire',
      subjectKind: 'reservation',
      subjectId: id,
      details: { number: e164Of(numberId), expires_at: dueAt.toISOString() },
      event: 'reservation.expired',
    }),
  });
}
