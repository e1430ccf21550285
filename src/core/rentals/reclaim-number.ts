import { writingAccount } from '../authority/index.js';
import { recordChange } from '../audit/index.js';
import { cycleStart } from '../billing/index.js';
import type { Account, Context, RootContext } from '../context.js';
import { domainError } from '../errors.js';
import { idempotently } from '../idempotency/index.js';
import { chargeWallet, refundWallet } from '../ledger/index.js';
import { e164Of } from '../number-id.js';
import { isStillHeld } from '../number-life.js';
import type { RentalState } from '../number-life.js';
import { restoreAssignments } from '../routing/index.js';
import { lockOpenRental, markReclaimed } from './store.js';
import type { RentalRow } from './store.js';

export interface ReclaimInput {
  readonly rentalId: number;
  /** Whether the number points again at what it pointed at, as far as that is still there. */
  readonly assignments: 'restore' | 'leave';
}

/** Plain data: stored and replayed as JSON. */
export interface ReclaimResult {
  readonly rentalId: number;
  readonly numberId: number;
  readonly state: RentalState;
  readonly currency: string;
  /** Rent for cycles that fell due since the release, in minor units. */
  readonly chargedMinor: number;
  /** The release fee that came back, in minor units. */
  readonly refundedMinor: number;
}

/**
 * Undoes a release within its window: owner, price, tags and cycle are as before. Cycles that fell due meanwhile are
 * charged, dated by their due times, and a release fee comes back. Raises forbidden, account_blocked, not_found
 * (rental, also when the window is over), wrong_state, insufficient_funds, idempotency_*.
 */
export async function reclaimNumber({
  ctx,
  input,
}: {
  ctx: RootContext;
  input: ReclaimInput;
}): Promise<ReclaimResult> {
  const account = writingAccount(ctx);
  return idempotently(ctx, async (inner) => {
    const result = await reclaimLocked(inner, account, input);
    return { result, subject: { kind: 'rental', id: input.rentalId } };
  });
}

/** The reclaim itself, inside the transaction of a verb. */
export async function reclaimLocked(
  ctx: Context,
  account: Account,
  input: ReclaimInput,
): Promise<ReclaimResult> {
  const now = ctx.clock.now();
  const row = await lockOpenRental(ctx.sql, input.rentalId);
  if (!row || row.accountId !== account.id || !isStillHeld(row, now)) {
    throw domainError('not_found', { kind: 'rental', id: input.rentalId });
  }
  if (row.state !== 'pending_release') {
    const allowed = ['pending_release'];
    throw domainError('wrong_state', { kind: 'rental', id: row.id, state: row.state, allowed });
  }
  const missed = missedCycles(row, now);
  await refundFee(ctx, row, now);
  await chargeWallet(ctx, row.walletId, missed);
  const cycleNumber = row.cycleNumber + missed.length;
  const nextChargeAt = cycleStart(row.cycle, row.startedAt, cycleNumber + 1);
  await markReclaimed(ctx.sql, row.id, { cycleNumber, nextChargeAt }, now);
  if (input.assignments === 'restore' && row.releasedAt) {
    await restoreAssignments(ctx, account, row, row.releasedAt);
  }
  const result: ReclaimResult = {
    rentalId: row.id,
    numberId: row.numberId,
    state: row.stateBeforeRelease ?? 'active',
    currency: row.currency,
    chargedMinor: missed.length * row.recurringMinor,
    refundedMinor: row.releaseFeeMinor,
  };
  await recordReclaim(ctx, account, result);
  return result;
}

/** The rent of each cycle that has begun since the release: nothing is charged while a release is pending. */
function missedCycles(row: RentalRow, now: Date) {
  const charges = [];
  for (let cycle = row.cycleNumber + 1; ; cycle++) {
    const dueAt = cycleStart(row.cycle, row.startedAt, cycle);
    if (dueAt > now) return charges;
    charges.push({
      amountMinor: row.recurringMinor,
      kind: 'rental' as const,
      rentalId: row.id,
      cycleNumber: cycle,
      reference: e164Of(row.numberId),
      createdAt: dueAt,
    });
  }
}

async function refundFee(ctx: Context, row: RentalRow, at: Date): Promise<void> {
  await refundWallet(ctx, row.walletId, {
    amountMinor: row.releaseFeeMinor,
    kind: 'refund',
    rentalId: row.id,
    cycleNumber: null,
    reference: e164Of(row.numberId),
    createdAt: at,
  });
}

async function recordReclaim(ctx: Context, account: Account, result: ReclaimResult): Promise<void> {
  await recordChange(ctx, {
    environment: account.environment,
    accountId: account.id,
    action: 'number.reclaim',
    subjectKind: 'rental',
    subjectId: result.rentalId,
    numberId: result.numberId,
    details: {
      number: e164Of(result.numberId),
      state: result.state,
      currency: result.currency,
      charged_minor: result.chargedMinor,
      refunded_minor: result.refundedMinor,
    },
    event: 'number.reclaimed',
  });
}
