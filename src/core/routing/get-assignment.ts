import { gatherByPool } from '../../database/gather-by-pool.js';
import { actingAccount } from '../authority/index.js';
import type { Context } from '../context.js';
import { domainError } from '../errors.js';
import { assignmentOf } from './assign-rental.js';
import type { Assignment } from './assign-rental.js';
import { findOpenAssignment, findOpenAssignments } from './store.js';
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
    throw domainError('not_found', { kind: 'assignment', id: input.rentalId });
  }
  return assignmentOf(row);
}

/**
 * What each of these rentals points at, by rental; those that point nowhere are absent. For lists of rentals that the
 * caller has already been allowed to see.
 */
export async function assignmentsOf({
  ctx,
  input,
}: {
  ctx: Context;
  input: { readonly rentalIds: readonly number[] };
}): Promise<Map<number, Assignment[]>> {
  return input.rentalIds.length === 0 ? new Map() : findAssignments(ctx.sql, input.rentalIds);
}

const findAssignments = gatherByPool(async (sql, rentalIds) => {
  const found = new Map<number, Assignment[]>();
  for (const row of await findOpenAssignments(sql, rentalIds)) {
    found.set(row.rentalId, [...(found.get(row.rentalId) ?? []), assignmentOf(row)]);
  }
  return found;
});
