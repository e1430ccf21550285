import { actingAccount } from '../accounts/index.js';
import type { Context } from '../context.js';
import { domainError } from '../errors.js';
import { assignmentOf } from './assign-rental.js';
import type { Assignment } from './assign-rental.js';
import { findOpenAssignment } from './store.js';
import type { TargetKind } from './store.js';

/** What one of the account's rentals points at. Raises not_found (assignment), also for another account's rental. */
export async function getAssignment({
  ctx,
  input,
}: {
  ctx: Context;
  input: { readonly rentalId: number; readonly kind: TargetKind };
}): Promise<Assignment> {
  const account = actingAccount(ctx);
  const row = await findOpenAssignment(ctx.sql, input.rentalId, input.kind);
  if (row?.accountId !== account.id) {
    throw domainError('not_found', { kind: 'assignment', id: String(input.rentalId) });
  }
  return assignmentOf(row);
}
