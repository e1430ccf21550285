import { domainError, restoreError } from '../errors.js';
import type { RootContext } from '../context.js';
import { e164Of } from '../number-id.js';
import type { RentalState } from '../number-life.js';
import { orderJudged } from '../sales/index.js';
import type { BuyInput } from '../sales/index.js';

export interface Acquired {
  readonly numberId: number;
  readonly state: RentalState;
}

/**
 * Makes the account rent a number: buys it, or finds that it has it already and charges nothing. A repeat is
 * harmless without any key, for wires whose clients repeat a purchase by themselves. Raises what buyNumber raises, but
 * for already_owned; number_unavailable also for a number that this account has released and could still reclaim.
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
    if (judged.error.code !== 'already_owned') throw restoreError(judged.error);
    const state = judged.error.details.state as RentalState;
    if (state === 'pending_release') throw domainError('number_unavailable', { number: e164Of(numberId) });
    return { numberId, state };
  }
  const [line] = judged.order.results;
  if (!line?.ok) throw domainError('number_unavailable', { number: e164Of(numberId) });
  return { numberId, state: line.state };
}
