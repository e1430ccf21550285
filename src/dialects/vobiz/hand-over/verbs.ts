import { getSubAccount } from '../../../core/accounts/index.js';
import type { Context } from '../../../core/context.js';
import { domainError } from '../../../core/errors.js';
import { asOneWrite } from '../../../core/idempotency/index.js';
import { handToSubAccount, subAccountHolding, takeBackFromSubAccount } from '../../../core/rentals/index.js';
import type { HandOver } from '../../../core/rentals/index.js';

/** Hands a number to the sub-account named. Raises not_found (account), and what handToSubAccount raises. */
export function handOver({
  ctx,
  input: { numberId, account },
}: {
  ctx: Context;
  input: { readonly numberId: number; readonly account: string };
}): Promise<HandOver> {
  return asOneWrite(ctx, async (inner) => {
    const subAccount = await getSubAccount({ ctx: inner, input: { account } });
    return handToSubAccount({ ctx: inner, input: { numberId, subAccount } });
  });
}

/**
 * Takes a number back from the sub-account that has it. The core refuses an override as well; here it is refused in the
 * vendor's words, whether or not a cool-off runs. Raises forbidden, and what takeBackFromSubAccount raises.
 */
export async function takeBack({
  ctx,
  input: { numberId, coolOff },
}: {
  ctx: Context;
  input: { readonly numberId: number; readonly coolOff: 'respect' | 'override' };
}): Promise<HandOver> {
  if (coolOff === 'override' && ctx.actor.kind !== 'operator') {
    throw domainError('forbidden', { reason: 'force requires an admin account' });
  }
  return asOneWrite(ctx, async (inner) => {
    const account = await subAccountHolding({ ctx: inner, input: { numberId } });
    const holder = await getSubAccount({ ctx: inner, input: { account } });
    return takeBackFromSubAccount({ ctx: inner, input: { numberId, holder, coolOff } });
  });
}
