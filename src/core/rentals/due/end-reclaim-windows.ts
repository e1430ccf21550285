import type { Transaction } from '../../../database/connection.js';
import { addSeconds } from '../../../lib/clock.js';
import { changeDue } from '../../audit/index.js';
import type { DueBatch, DueScope } from '../../authority/index.js';
import type { Context } from '../../context.js';
import { e164Of } from '../../number-id.js';
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
  return changeDue(ctx, input, {
    setAside: (sql, scope, now) => setClocksAside(sql, 'window', scope, now),
    lock: lockEndedWindows,
    write: endWindows,
    entry: ({ rentalId, numberId, dueAt }) => ({
      action: 'number.end_window',
      subjectKind: 'rental',
      subjectId: rentalId,
      details: { number: e164Of(numberId), state: 'ended', until: dueAt.toISOString() },
      event: 'number.released',
    }),
  });
}

async function endWindows(tx: Transaction, windows: DueWindow[], now: Date): Promise<void> {
  await endRentals(
    tx,
    windows.map((window) => window.rentalId),
  );
  await restNumbers(
    tx,
    windows.map((window) => ({ ...window, restsUntil: restOf(window, now) })),
  );
}

/** The end of the number's rest; null when it has none, or is over already. */
function restOf({ dueAt, restSeconds }: DueWindow, now: Date): Date | null {
  const until = addSeconds(dueAt, restSeconds);
  return restSeconds > 0 && until > now ? until : null;
}
