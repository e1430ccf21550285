import { writingAccount } from '../authority/index.js';
import type { Account, Context, RootContext } from '../context.js';
import { domainError } from '../errors.js';
import { idempotently } from '../idempotency/index.js';
import { e164Of } from '../number-id.js';
import { isStillHeld } from '../number-life.js';
import { releaseLocked } from './release-number.js';
import type { ReleaseInput, ReleaseResult } from './release-number.js';
import { lockLatestRental } from './store.js';
import type { LatestRental } from './store.js';

/**
 * Gives a number up by the number itself, for wires that know no rentals. With `again: accept`, one that this account
 * has given up and nobody has taken since is a success without effect.
 * Raises forbidden, account_blocked, not_found (number), wrong_state, idempotency_*.
 */
export async function releaseByNumber({
  ctx,
  input,
}: {
  ctx: RootContext;
  input: Omit<ReleaseInput, 'rentalId'> & { readonly numberId: number };
}): Promise<ReleaseResult> {
  const account = writingAccount(ctx);
  const { numberId, ...how } = input;
  return idempotently(ctx, async (inner) => {
    const latest = await lockLatestRental(inner.sql, numberId);
    const mine = latest?.accountId === account.id ? latest : undefined;
    const over = mine && isOver(mine, inner.clock.now());
    if (!mine || (over && how.again === 'refuse')) {
      throw domainError('not_found', { kind: 'number', id: e164Of(numberId) });
    }
    const result = over ? releasedBefore(mine) : await release(inner, account, mine, how);
    return { result, subject: { kind: 'rental', id: mine.id } };
  });
}

/** True when a rental is no longer its holder's: ended, or past its reclaim window. */
export function isOver(rental: LatestRental, now: Date): boolean {
  return rental.state === 'ended' || !isStillHeld(rental, now);
}

function release(
  ctx: Context,
  account: Account,
  rental: LatestRental,
  how: Omit<ReleaseInput, 'rentalId'>,
): Promise<ReleaseResult> {
  return releaseLocked(ctx, account, { rentalId: rental.id, ...how });
}

function releasedBefore(rental: LatestRental): ReleaseResult {
  const { id, numberId, currency, releasedAt, updatedAt, reclaimUntil } = rental;
  const at = (releasedAt ?? updatedAt).toISOString();
  const until = reclaimUntil?.toISOString() ?? at;
  return {
    rentalId: id,
    numberId,
    state: 'ended',
    releasedAt: at,
    reclaimUntil: until,
    feeMinor: 0,
    currency,
  };
}
