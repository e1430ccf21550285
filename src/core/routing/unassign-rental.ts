import { writingAccount } from '../accounts/index.js';
import type { Account, Context } from '../context.js';
import { domainError } from '../errors.js';
import { idempotently } from '../idempotency/index.js';
import { assignmentOf, lockRentalToRoute } from './assign-rental.js';
import type { Assignment } from './assign-rental.js';
import { recordUnassigned } from './record.js';
import { endAssignment, endAssignmentsOfRental, findOpenAssignment } from './store.js';
import type { TargetKind } from './store.js';

/**
 * Ends what a rental points at; gives what that was.
 *
 * Raises forbidden, account_blocked, not_found (rental, assignment), wrong_state, idempotency_*.
 */
export async function unassignRental({
  ctx,
  input,
}: {
  ctx: Context;
  input: { readonly rentalId: number; readonly kind: TargetKind };
}): Promise<Assignment> {
  const account = writingAccount(ctx);
  return idempotently(ctx, async (inner) => {
    const rental = await lockRentalToRoute(inner, account, input.rentalId);
    const row = await findOpenAssignment(inner.sql, rental.id, input.kind);
    if (!row) throw domainError('not_found', { kind: 'assignment', id: String(input.rentalId) });
    await endAssignment(inner.sql, row.id, 'unassigned', inner.clock.now());
    await recordUnassigned(inner, account, row, rental.numberId, 'unassigned');
    return { result: assignmentOf(row), subject: { kind: 'assignment', id: row.id } };
  });
}

/**
 * Ends all that a rental points at because its number is given up. Part of the release's transaction, under its lock on
 * the number. The ended rows keep what it was, by the reason `released` and the time of the release.
 */
export async function dropAssignments(
  ctx: Context,
  account: Pick<Account, 'id' | 'environment'>,
  rental: { readonly id: number; readonly numberId: number },
): Promise<void> {
  for (const row of await endAssignmentsOfRental(ctx.sql, rental.id, 'released', ctx.clock.now())) {
    await recordUnassigned(ctx, account, row, rental.numberId, 'released');
  }
}
