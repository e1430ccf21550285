import { changeDue } from '../../audit/index.js';
import type { DueBatch, DueScope } from '../../authority/index.js';
import type { Context } from '../../context.js';
import { e164Of } from '../../number-id.js';
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
  return changeDue(ctx, input, {
    setAside: (sql, scope, now) => setClocksAside(sql, 'registration', scope, now),
    lock: lockUnregisteredRentals,
    write: suspendRentals,
    entry: ({ rentalId, numberId, dueAt }) => ({
      action: 'number.suspend',
      subjectKind: 'rental',
      subjectId: rentalId,
      details: { number: e164Of(numberId), reason: 'requirements_unmet', register_by: dueAt.toISOString() },
      event: 'number.suspended',
    }),
  });
}
