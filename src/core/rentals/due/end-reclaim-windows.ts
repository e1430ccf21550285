import { inTransaction } from '../../../database/transaction.js';
import { addSeconds } from '../../../lib/clock.js';
import { requireOperator } from '../../authority/index.js';
import { recordChanges } from '../../audit/index.js';
import { actorName } from '../../context.js';
import type { Context } from '../../context.js';
import { e164Of } from '../../number-id.js';
import { batchOf, dueBatchMax } from '../../authority/index.js';
import type { DueBatch, DueScope } from '../../authority/index.js';
import { setClocksAside } from './set-aside-store.js';
import { endRentals, lockEndedWindows, restNumbers } from './store.js';
import type { DueWindow } from './store.js';

/**
 * Ends a batch of releases that can no longer be undone. The number rests from the end of its window on, as long as the
 * policy of its country says, or goes back to stock when that is over already. Raises forbidden.
 */
export async function endReclaimWindows({
  ctx,
  input,
}: {
  ctx: Context;
  input: DueScope;
}): Promise<DueBatch> {
  requireOperator(ctx);
  const now = ctx.clock.now();
  await setClocksAside(ctx.sql, 'window', input, ctx.clock.now());
  return inTransaction(ctx.sql, async (tx) => {
    const windows = await lockEndedWindows(tx, input, now, dueBatchMax);
    if (windows.length === 0) return batchOf(windows);
    await endRentals(
      tx,
      windows.map((window) => window.rentalId),
    );
    await restNumbers(
      tx,
      windows.map((window) => ({ ...window, restsUntil: restOf(window, now) })),
    );
    await recordChanges(
      tx,
      windows.map((window) => ({
        at: window.dueAt,
        environment: window.environment,
        accountId: window.accountId,
        actor: actorName(ctx.actor),
        requestId: ctx.requestId,
        action: 'number.end_window',
        subjectKind: 'rental',
        subjectId: window.rentalId,
        numberId: window.numberId,
        details: { number: e164Of(window.numberId), state: 'ended', until: window.dueAt.toISOString() },
        event: 'number.released',
      })),
    );
    return batchOf(windows);
  });
}

/** The end of the number's rest; null when it has none, or is over already. */
function restOf({ dueAt, restSeconds }: DueWindow, now: Date): Date | null {
  const until = addSeconds(dueAt, restSeconds);
  return restSeconds > 0 && until > now ? until : null;
}
