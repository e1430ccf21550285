import { writingAccount } from '../authority/index.js';
import type { Account, Context, RootContext } from '../context.js';
import { domainError } from '../errors.js';
import { idempotently } from '../idempotency/index.js';
import { e164Of } from '../number-id.js';
import { reclaimLocked } from './reclaim-number.js';
import type { ReclaimInput, ReclaimResult } from './reclaim-number.js';
import { isOver } from './release-by-number.js';
import { lockLatestRental } from './store.js';
import type { LatestRental } from './store.js';

/**
 * Undoes a release by the number itself, for wires that know no rentals. A number that this account held last and has
 * given up for good is in the wrong state; one that another account holds is forbidden; any other is not found.
 * Raises forbidden, account_blocked, read_only_key, not_found (number), wrong_state, insufficient_funds, idempotency_*.
 */
export async function reclaimByNumber({
  ctx,
  input,
}: {
  ctx: RootContext;
  input: Omit<ReclaimInput, 'rentalId'> & { readonly numberId: number };
}): Promise<ReclaimResult> {
  const account = writingAccount(ctx);
  const { numberId, ...how } = input;
  return idempotently(ctx, async (inner) => {
    const rental = await lockReclaimable(inner, account, numberId);
    const result = await reclaimLocked(inner, account, { rentalId: rental.id, ...how });
    return { result, subject: { kind: 'rental', id: rental.id } };
  });
}

async function lockReclaimable(ctx: Context, account: Account, numberId: number): Promise<LatestRental> {
  const latest = await lockLatestRental(ctx.sql, numberId);
  const over = latest && isOver(latest, ctx.clock.now());
  const mine = latest?.accountId === account.id;
  if (!latest || (over && !mine)) throw domainError('not_found', { kind: 'number', id: e164Of(numberId) });
  if (!mine) throw domainError('forbidden', { reason: `Number ${e164Of(numberId)} is another account's` });
  if (over) {
    const allowed = ['pending_release'];
    throw domainError('wrong_state', { kind: 'rental', id: latest.id, state: 'ended', allowed });
  }
  return latest;
}
