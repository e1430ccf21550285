import { actingAccount } from '../authority/index.js';
import { domainError, restoreError } from '../errors.js';
import type { RootContext } from '../context.js';
import { e164Of } from '../number-id.js';
import type { RentalState } from '../number-life.js';
import { orderJudged } from '../sales/index.js';
import type { BuyInput } from '../sales/index.js';
import { findOpenRentalByNumber } from './store.js';

export interface Acquired {
  readonly numberId: number;
  readonly state: RentalState;
}

/**
 * Sees to it that the account rents a number: buys it, or finds that it has it already and charges nothing. A repeat
 * is harmless without any key, for wires whose clients repeat a purchase by themselves.
 *
 * Raises what buyNumber raises, but for already_owned; number_unavailable also for a number that this account has
 * released and could still reclaim.
 */
export async function acquireNumber({
  ctx,
  input,
}: {
  ctx: RootContext;
  input: Omit<BuyInput, 'lines' | 'mode'> & { readonly numberId: number };
}): Promise<Acquired> {
  const { numberId, ...how } = input;
  const judged = await orderJudged(ctx, { ...how, lines: [{ numberId }], mode: 'all_or_nothing' });
  if ('error' in judged) {
    if (judged.error.code === 'already_owned') return ownRental(ctx, numberId);
    throw restoreError(judged.error);
  }
  const [line] = judged.order.results;
  if (!line?.ok) throw domainError('number_unavailable', { number: e164Of(numberId) });
  return { numberId, state: line.state };
}

/**
 * The rental that the desk's refusal stands for. When it is gone the refusal is a replayed one, or a release has come
 * between: the number was this account's when it was judged, and that stays the answer.
 */
async function ownRental(ctx: RootContext, numberId: number): Promise<Acquired> {
  const rental = await findOpenRentalByNumber(ctx.sql, actingAccount(ctx).id, numberId);
  if (rental?.state === 'pending_release') {
    throw domainError('number_unavailable', { number: e164Of(numberId) });
  }
  return { numberId, state: rental?.state ?? 'active' };
}
