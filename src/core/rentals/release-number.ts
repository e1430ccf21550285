import { addSeconds, wholeSecond } from '../../lib/clock.js';
import { actingAccount, writingAccount } from '../authority/index.js';
import { recordChange } from '../audit/index.js';
import type { Account, Context, RootContext } from '../context.js';
import { findReleaseFeeMinor } from '../billing/index.js';
import { domainError } from '../errors.js';
import { idempotently } from '../idempotency/index.js';
import { chargeWallet } from '../ledger/index.js';
import { e164Of } from '../number-id.js';
import { isStillHeld, rentedStates } from '../number-life.js';
import type { RentalState } from '../number-life.js';
import { policyValue } from '../policies/index.js';
import { assignmentsOf, dropAssignments } from '../routing/index.js';
import type { TargetKind } from '../routing/index.js';
import { endRental, lockOpenRental, markPendingRelease, restNumber } from './store.js';
import type { RentalRow } from './store.js';

export interface ReleaseInput {
  readonly rentalId: number;
  /**
   * When the number goes: after the reclaim window of the policy, after its shorter window for second thoughts, at the
   * end of what is paid, or now. Until then the release can be undone.
   */
  readonly leaves: 'after_window' | 'after_cancel_window' | 'end_of_cycle' | 'now';
  /** Whether a number that is being released already is an error or a success without effect. */
  readonly again: 'refuse' | 'accept';
  /** Refuse while the number points at something of this kind, instead of letting go of it. */
  readonly unlessAssignedTo?: TargetKind | undefined;
}

export interface ReleaseResult {
  readonly rentalId: number;
  readonly numberId: number;
  readonly state: 'pending_release' | 'ended';
  readonly releasedAt: string;
  /** End of the window in which the release can be undone; the time of release when there is none. */
  readonly reclaimUntil: string;
  /** What the release has cost, in minor units of the rental's currency. */
  readonly feeMinor: number;
  readonly currency: string;
}

/**
 * Gives a number up; what it points at ends with it. No rent is returned. Whether a fee is due and how long the number
 * rests before it is sold again is the operator's to say, by account and policy: no surface asks for it. Raises
 * forbidden, account_blocked, not_found (rental), wrong_state, still_in_use, insufficient_funds (fee), idempotency_*.
 */
export async function releaseNumber({
  ctx,
  input,
}: {
  ctx: RootContext;
  input: ReleaseInput;
}): Promise<ReleaseResult> {
  const account = writingAccount(ctx);
  return idempotently(ctx, async (inner) => {
    const result = await releaseLocked(inner, account, input);
    return { result, subject: { kind: 'rental', id: input.rentalId } };
  });
}

/** The release itself, inside the transaction of a verb. */
export async function releaseLocked(
  ctx: Context,
  account: Account,
  input: ReleaseInput,
): Promise<ReleaseResult> {
  const now = ctx.clock.now();
  const row = await lockOpenRental(ctx.sql, input.rentalId);
  if (!row || row.accountId !== account.id || !isStillHeld(row, now)) {
    throw domainError('not_found', { kind: 'rental', id: input.rentalId });
  }
  if (row.state === 'pending_release' && input.leaves !== 'now') {
    if (input.again === 'refuse') throw refusal(row, rentedStates);
    return resultOf(row, 'pending_release', row.releasedAt ?? now, row.reclaimUntil ?? now);
  }
  if (input.unlessAssignedTo) await requireUnassigned(ctx, row, input.unlessAssignedTo);
  const until = await leavesAt(ctx, row, input, now);
  const feeMinor = await chargeFee(ctx, row, now);
  await dropAssignments(ctx, account, row, 'released');
  if (until <= now) {
    await endLocked(ctx, account, row, feeMinor);
    return resultOf({ ...row, releaseFeeMinor: row.releaseFeeMinor + feeMinor }, 'ended', now, now);
  }
  await markPendingRelease(ctx.sql, row.id, row.state, now, until, feeMinor);
  await recordRelease(ctx, account, row, 'pending_release', until);
  return resultOf({ ...row, releaseFeeMinor: feeMinor }, 'pending_release', now, until);
}

/** Ends a rental now, without a window and a fee; part of a verb, under its lock on the number. */
export async function endNow(ctx: Context, account: Account, row: RentalRow): Promise<void> {
  await dropAssignments(ctx, account, row, 'released');
  await endLocked(ctx, account, row, 0);
}

/** The number leaves its renter now, and rests as long as policy says. */
async function endLocked(ctx: Context, account: Account, row: RentalRow, feeMinor: number): Promise<void> {
  const now = ctx.clock.now();
  await endRental(ctx.sql, row.id, { releasedAt: now, feeMinor, at: now });
  const rest = await policyValue(ctx.sql, 'quarantine_seconds', account.environment, row);
  const until = rest === 0 ? null : addSeconds(now, rest);
  await restNumber(ctx.sql, row.numberId, until, account.clock?.id ?? null);
  await recordRelease(ctx, account, row, 'ended', now);
}

async function requireUnassigned(ctx: Context, row: RentalRow, kind: TargetKind): Promise<void> {
  const assignments = await assignmentsOf({ ctx, input: { rentalIds: [row.id] } });
  if (!assignments.get(row.id)?.some((assignment) => assignment.kind === kind)) return;
  const uses = `it is assigned to an ${kind}; unassign it first`;
  throw domainError('still_in_use', { kind: 'number', id: e164Of(row.numberId), uses });
}

/** Takes the fee, once per release: ending one that is pending costs nothing more. Gives what was taken. */
async function chargeFee(ctx: Context, row: RentalRow, at: Date): Promise<number> {
  if (row.state === 'pending_release') return 0;
  const amountMinor = await findReleaseFeeMinor(ctx.sql, row.walletId);
  const reference = e164Of(row.numberId);
  const fee = { amountMinor, kind: 'release_fee', rentalId: row.id, cycleNumber: null, reference } as const;
  await chargeWallet(ctx, row.walletId, [{ ...fee, createdAt: at }]);
  return amountMinor;
}

async function leavesAt(ctx: Context, row: RentalRow, input: ReleaseInput, now: Date): Promise<Date> {
  switch (input.leaves) {
    case 'now':
      return now;
    case 'end_of_cycle':
      return wholeSecond(row.nextChargeAt);
    case 'after_window':
    case 'after_cancel_window': {
      const { environment } = actingAccount(ctx);
      const policy = input.leaves === 'after_window' ? 'reclaim_seconds' : 'cancel_seconds';
      return addSeconds(now, await policyValue(ctx.sql, policy, environment, row));
    }
  }
}

function refusal(row: RentalRow, allowed: readonly RentalState[]) {
  return domainError('wrong_state', { kind: 'rental', id: row.id, state: row.state, allowed });
}

function resultOf(
  row: RentalRow,
  state: 'pending_release' | 'ended',
  releasedAt: Date,
  reclaimUntil: Date,
): ReleaseResult {
  return {
    rentalId: row.id,
    numberId: row.numberId,
    state,
    releasedAt: releasedAt.toISOString(),
    reclaimUntil: reclaimUntil.toISOString(),
    feeMinor: row.releaseFeeMinor,
    currency: row.currency,
  };
}

async function recordRelease(
  ctx: Context,
  account: Account,
  row: RentalRow,
  state: string,
  until: Date,
): Promise<void> {
  await recordChange(ctx, {
    environment: account.environment,
    accountId: account.id,
    action: 'number.release',
    subjectKind: 'rental',
    subjectId: row.id,
    numberId: row.numberId,
    details: { number: e164Of(row.numberId), state, until: until.toISOString() },
    event: state === 'ended' ? 'number.released' : 'number.release_requested',
  });
}
