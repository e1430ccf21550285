import { writingAccount } from '../authority/index.js';
import type { Account, Context } from '../context.js';
import { domainError } from '../errors.js';
import { idempotently } from '../idempotency/index.js';
import { e164Of } from '../number-id.js';
import { isStillHeld, rentedStates } from '../number-life.js';
import { recordAssigned, recordUnassigned } from './record.js';
import { endAssignment, findOpenAssignment, insertAssignment, lockRoutedRental } from './store.js';
import type { AssignmentRow, RoutedRental, Target, TargetKind } from './store.js';
import { keepTarget } from './targets.js';

/** Plain data: stored and replayed as JSON. */
export interface Assignment {
  readonly rentalId: number;
  readonly kind: TargetKind;
  readonly targetId: number;
  readonly assignedAt: string;
}

/**
 * Points a rental at an agent, a trunk or an application, one of each kind. Doing it again changes nothing; `replace`
 * says what happens to another target of that kind. Raises forbidden, account_blocked, not_found (rental, agent, trunk,
 * application), wrong_state for a rental that is being released, already_assigned, idempotency_*.
 */
export async function assignRental({
  ctx,
  input,
}: {
  ctx: Context;
  input: { readonly rentalId: number; readonly target: Target; readonly replace: 'allow' | 'refuse' };
}): Promise<Assignment> {
  const account = writingAccount(ctx);
  return idempotently(ctx, async (inner) => {
    const rental = await lockRentalToRoute(inner, account, input.rentalId);
    await keepTarget(inner.sql, account.id, input.target);
    const row = await pointAt(inner, account, rental, input);
    return { result: assignmentOf(row), subject: { kind: 'assignment', id: row.id } };
  });
}

async function pointAt(
  ctx: Context,
  account: Account,
  rental: RoutedRental,
  { target, replace }: { readonly target: Target; readonly replace: 'allow' | 'refuse' },
): Promise<AssignmentRow> {
  const before = await findOpenAssignment(ctx.sql, rental.id, target.kind);
  if (before && replace === 'refuse') {
    throw domainError('already_assigned', { number: e164Of(rental.numberId), kind: target.kind });
  }
  if (before?.targetId === target.id) return before;
  const at = ctx.clock.now();
  if (before) {
    await endAssignment(ctx.sql, before.id, 'replaced', at);
    await recordUnassigned(ctx, account, before, rental.numberId, 'replaced');
  }
  const row = await insertAssignment(ctx.sql, { rentalId: rental.id, accountId: account.id, target, at });
  await recordAssigned(ctx, account, row, rental.numberId);
  return row;
}

/** Raises not_found (rental), wrong_state. */
export async function lockRentalToRoute(
  ctx: Context,
  account: Account,
  rentalId: number,
): Promise<RoutedRental> {
  const rental = await lockRoutedRental(ctx.sql, rentalId);
  if (!rental || rental.accountId !== account.id || !isStillHeld(rental, ctx.clock.now())) {
    throw domainError('not_found', { kind: 'rental', id: rentalId });
  }
  if (rental.state === 'pending_release') {
    throw domainError('wrong_state', {
      kind: 'rental',
      id: rentalId,
      state: rental.state,
      allowed: rentedStates,
    });
  }
  return rental;
}

export function assignmentOf(row: AssignmentRow): Assignment {
  return {
    rentalId: row.rentalId,
    kind: row.kind,
    targetId: row.targetId,
    assignedAt: row.assignedAt.toISOString(),
  };
}
