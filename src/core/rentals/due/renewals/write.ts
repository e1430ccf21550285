import { present } from '../../../../lib/assert.js';
import { recordChanges } from '../../../audit/index.js';
import type { Change } from '../../../audit/index.js';
import { actorName } from '../../../context.js';
import type { Context } from '../../../context.js';
import { houseWalletId, postTransfers } from '../../../ledger/index.js';
import type { TransferRow } from '../../../ledger/index.js';
import { e164Of } from '../../../number-id.js';
import { dropAssignments } from '../../../routing/index.js';
import { markPendingRelease } from '../../store.js';
import type { Renewed, Unpaid } from './judge.js';
import { forgetPastDue, moveCycles } from './store.js';
import type { CycleChange, DueRenewal } from './store.js';

type Waiting = Extract<Unpaid, { kind: 'waits' }>;
type Released = Extract<Unpaid, { kind: 'released' }>;

/**
 * Writes what the judgement decided: one statement per table, sent in one go, money last, so that the operator's wallet is
 * locked for the shortest time. Releases are rare and go one by one.
 */
export async function writeRenewals(
  ctx: Context,
  renewed: readonly Renewed[],
  unpaid: readonly Unpaid[],
): Promise<void> {
  const waiting = unpaid.filter((verdict): verdict is Waiting => verdict.kind === 'waits');
  const released = unpaid.filter((verdict): verdict is Released => verdict.kind === 'released');
  for (const verdict of released) await release(ctx, verdict);
  const revenue = await revenueWallets(ctx, renewed);
  const changes = [...renewed.map(renewal), ...waiting.map(wait)];
  await Promise.all([
    ...(changes.length > 0 ? [moveCycles(ctx.sql, changes)] : []),
    recordChanges(ctx.sql, [
      ...renewed.flatMap((verdict) => renewalChanges(ctx, verdict)),
      ...waiting.filter(({ rental }) => rental.pastDueSince === null).map((v) => pastDueChange(ctx, v)),
      ...released.map((verdict) => releaseChange(ctx, verdict)),
    ]),
    postTransfers(
      ctx.sql,
      renewed.map((verdict) => charge(ctx, verdict, revenue)),
    ),
  ]);
}

function renewal({ rental, cycleNumber, nextChargeAt, pastDueSince }: Renewed): CycleChange {
  // What is overdue still is tried again at once, at the time of the try that went through.
  const retryAt = pastDueSince === null ? null : rental.dueAt;
  return { id: rental.id, cycleNumber, nextChargeAt, pastDueSince, retryAt, at: rental.dueAt };
}

function wait({ rental, pastDueSince, retryAt }: Waiting): CycleChange {
  const { id, cycleNumber, nextChargeAt, dueAt } = rental;
  return { id, cycleNumber, nextChargeAt, pastDueSince, retryAt, at: dueAt };
}

function charge(ctx: Context, { rental, cycleNumber }: Renewed, revenue: RevenueWallets): TransferRow {
  return {
    debitWalletId: rental.walletId,
    creditWalletId: present(revenue.get(houseKey(rental)), 'the revenue wallet was looked up before'),
    amountMinor: rental.recurringMinor,
    currency: rental.currency,
    kind: 'rental',
    rentalId: rental.id,
    cycleNumber,
    reference: e164Of(rental.numberId),
    requestId: ctx.requestId,
    createdAt: rental.dueAt,
  };
}

/** The operator's revenue wallets by environment and currency. */
type RevenueWallets = ReadonlyMap<string, number>;

const houseKey = ({ environment, currency }: DueRenewal): string => `${environment}:${currency}`;

async function revenueWallets(ctx: Context, renewed: readonly Renewed[]): Promise<RevenueWallets> {
  const ids = new Map<string, number>();
  for (const { rental } of renewed) {
    const key = houseKey(rental);
    if (ids.has(key)) continue;
    const { environment, currency, dueAt } = rental;
    ids.set(key, await houseWalletId(ctx.sql, environment, 'revenue', currency, dueAt));
  }
  return ids;
}

async function release(ctx: Context, { rental, releasedAt, reclaimUntil }: Released): Promise<void> {
  const { id, accountId, environment, numberId, state } = rental;
  const atRelease = { ...ctx, clock: { now: () => releasedAt } };
  await dropAssignments(atRelease, { id: accountId, environment }, { id, numberId }, 'released');
  await markPendingRelease(ctx.sql, id, state, releasedAt, reclaimUntil, 0);
  await forgetPastDue(ctx.sql, id);
}

function renewalChanges(ctx: Context, verdict: Renewed): Change[] {
  const { rental, cycleNumber, nextChargeAt, pastDueSince } = verdict;
  const { currency, recurringMinor } = rental;
  const renewedChange = changeOf(ctx, rental, rental.dueAt, 'rental.renew', 'rental.renewed', {
    cycle_number: cycleNumber,
    due_at: rental.nextChargeAt.toISOString(),
    amount_minor: recurringMinor,
    currency,
    next_charge_at: nextChargeAt.toISOString(),
  });
  if (rental.pastDueSince === null || pastDueSince !== null) return [renewedChange];
  const details = { past_due_since: rental.pastDueSince.toISOString() };
  return [renewedChange, changeOf(ctx, rental, rental.dueAt, 'rental.resume', 'rental.resumed', details)];
}

function pastDueChange(ctx: Context, { rental, pastDueSince, retryAt }: Waiting): Change {
  return changeOf(ctx, rental, rental.dueAt, 'rental.fall_past_due', 'rental.past_due', {
    past_due_since: pastDueSince.toISOString(),
    amount_minor: rental.recurringMinor,
    currency: rental.currency,
    retry_at: retryAt.toISOString(),
  });
}

function releaseChange(ctx: Context, { rental, releasedAt, reclaimUntil }: Released): Change {
  return changeOf(ctx, rental, releasedAt, 'number.release', 'number.released', {
    state: 'pending_release',
    reason: 'unpaid',
    until: reclaimUntil.toISOString(),
  });
}

function changeOf(
  ctx: Context,
  { id, accountId, environment, numberId }: DueRenewal,
  at: Date,
  action: string,
  event: string,
  details: Record<string, unknown>,
): Change {
  return {
    at,
    environment,
    accountId,
    actor: actorName(ctx.actor),
    requestId: ctx.requestId,
    action,
    subjectKind: 'rental',
    subjectId: id,
    numberId,
    details: { number: e164Of(numberId), ...details },
    event,
  };
}
