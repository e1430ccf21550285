import { writingAccount } from '../accounts/index.js';
import type { Account, Context } from '../context.js';
import { domainError } from '../errors.js';
import { idempotently } from '../idempotency/index.js';
import { agentNotFound } from './agents.js';
import { recordAssigned, recordUnassigned } from './record.js';
import { endAssignment, findOpenAssignment, insertAssignment, keepAgent, lockRoutedRental } from './store.js';
import type { AssignmentRow, RoutedRental, TargetKind } from './store.js';

/** Plain data: stored and replayed as JSON. */
export interface Assignment {
  readonly rentalId: number;
  readonly kind: TargetKind;
  readonly agentId: number | null;
  readonly assignedAt: string;
}

/**
 * Points a rental at an agent, instead of whatever agent it pointed at before. Doing it again changes nothing.
 *
 * Raises forbidden, account_blocked, not_found (rental, agent), wrong_state for a rental that is being released,
 * idempotency_*.
 */
export async function assignRental({
  ctx,
  input,
}: {
  ctx: Context;
  input: { readonly rentalId: number; readonly agentId: number };
}): Promise<Assignment> {
  const account = writingAccount(ctx);
  return idempotently(ctx, async (inner) => {
    const rental = await lockRentalToRoute(inner, account, input.rentalId);
    const agent = await keepAgent(inner.sql, account.id, input.agentId);
    if (!agent) throw agentNotFound(input.agentId);
    const row = await pointAt(inner, account, rental, agent.id);
    return { result: assignmentOf(row), subject: { kind: 'assignment', id: row.id } };
  });
}

async function pointAt(
  ctx: Context,
  account: Account,
  rental: RoutedRental,
  agentId: number,
): Promise<AssignmentRow> {
  const before = await findOpenAssignment(ctx.sql, rental.id, 'agent');
  if (before?.agentId === agentId) return before;
  const at = ctx.clock.now();
  if (before) {
    await endAssignment(ctx.sql, before.id, 'replaced', at);
    await recordUnassigned(ctx, account, before, rental.numberId, 'replaced');
  }
  const row = await insertAssignment(ctx.sql, { rentalId: rental.id, accountId: account.id, agentId, at });
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
  if (rental?.accountId !== account.id) {
    throw domainError('not_found', { kind: 'rental', id: String(rentalId) });
  }
  if (rental.state === 'pending_release') {
    const allowed = ['active', 'awaiting_registration', 'suspended', 'blocked'];
    throw domainError('wrong_state', { kind: 'rental', id: String(rentalId), state: rental.state, allowed });
  }
  return rental;
}

export function assignmentOf(row: AssignmentRow): Assignment {
  return {
    rentalId: row.rentalId,
    kind: row.kind,
    agentId: row.agentId,
    assignedAt: row.assignedAt.toISOString(),
  };
}
