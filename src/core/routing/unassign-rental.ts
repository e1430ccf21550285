import { writingAccount } from '../authority/index.js';
import type { Account, Context } from '../context.js';
import { domainError } from '../errors.js';
import { idempotently } from '../idempotency/index.js';
import { assignmentOf, lockRentalToRoute } from './assign-rental.js';
import type { Assignment } from './assign-rental.js';
import { recordAssigned, recordUnassigned } from './record.js';
import {
  endAssignment,
  endAssignmentsOfRental,
  findDropped,
  findOpenAssignment,
  insertAssignment,
} from './store.js';
import type { TargetKind } from './store.js';
import { mayPointAt } from './targets.js';

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
    if (!row) throw domainError('not_found', { kind: 'assignment', id: input.rentalId });
    await endAssignment(inner.sql, row.id, 'unassigned', inner.clock.now());
    await recordUnassigned(inner, account, row, rental.numberId, 'unassigned');
    return { result: assignmentOf(row), subject: { kind: 'assignment', id: row.id } };
  });
}

/**
 * Ends all that a rental points at because its number is given up or handed to another account. Part of that verb's
 * transaction, under its lock on the number. The ended rows keep what it was, so that a release can be undone.
 */
export async function dropAssignments(
  ctx: Context,
  account: Pick<Account, 'id' | 'environment'>,
  rental: { readonly id: number; readonly numberId: number },
  reason: 'released' | 'moved',
): Promise<void> {
  for (const row of await endAssignmentsOfRental(ctx.sql, rental.id, reason, ctx.clock.now())) {
    await recordUnassigned(ctx, account, row, rental.numberId, reason);
  }
}

/**
 * Points a rental again at what it pointed at when it was released at `releasedAt`, as far as that is still there.
 * Part of the transaction that undoes the release.
 */
export async function restoreAssignments(
  ctx: Context,
  account: Account,
  rental: { readonly id: number; readonly numberId: number },
  releasedAt: Date,
): Promise<void> {
  const at = ctx.clock.now();
  for (const { kind, targetId } of await findDropped(ctx.sql, rental.id, releasedAt)) {
    const target = { kind, id: targetId };
    if (!(await mayPointAt(ctx.sql, account.id, target))) continue;
    const row = await insertAssignment(ctx.sql, { rentalId: rental.id, accountId: account.id, target, at });
    await recordAssigned(ctx, account, row, rental.numberId);
  }
}
