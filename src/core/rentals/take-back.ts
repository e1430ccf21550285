import { addSeconds } from '../../lib/clock.js';
import type { Account, Context } from '../context.js';
import { keepStanding } from '../authority/index.js';
import { domainError } from '../errors.js';
import { idempotently } from '../idempotency/index.js';
import { e164Of } from '../number-id.js';
import { policyValue } from '../policies/index.js';
import { lastCallAt } from '../usage/index.js';
import { move, numberNotFound, outcome, requireHeld, writingParent } from './hand-over.js';
import type { HandOver } from './hand-over.js';
import { isStillHeld } from '../number-life.js';
import { findHolderBelow, lockNumberRental } from './store.js';
import type { RentalRow } from './store.js';

/**
 * Takes a number back from the sub-account that holds it, once its last call is a cool-off ago, or at once when it was
 * never used; only the operator may say `coolOff: override`. Raises forbidden, account_blocked (also for the holder),
 * not_found (number that it does not hold), wrong_state, cool_off_in_effect, idempotency_*.
 */
export async function takeBackFromSubAccount({
  ctx,
  input,
}: {
  ctx: Context;
  input: {
    readonly numberId: number;
    readonly holder: Account;
    readonly coolOff: 'respect' | 'override';
  };
}): Promise<HandOver> {
  const parent = writingParent(ctx);
  const { numberId, holder } = input;
  const forced = input.coolOff === 'override';
  if (forced && ctx.actor.kind !== 'operator') {
    throw domainError('forbidden', { reason: 'Only the operator can override a cool-off' });
  }
  return idempotently(ctx, async (inner) => {
    if (holder.parentId === parent.id) await keepStanding(inner, holder);
    const row = await lockNumberRental(inner.sql, numberId);
    const gone = !row || !isStillHeld(row, inner.clock.now());
    if (gone || row.accountId !== holder.id || holder.parentId !== parent.id) throw numberNotFound(numberId);
    requireHeld(row);
    const cooling = await coolOffOf(inner, row);
    if (cooling.until !== null && cooling.remainingSeconds > 0 && !forced) {
      throw domainError('cool_off_in_effect', {
        number: e164Of(numberId),
        until: cooling.until.toISOString(),
        remainingSeconds: cooling.remainingSeconds,
      });
    }
    const why = { forced, lastCallAt: cooling.lastCallAt, coolOffUntil: cooling.until };
    await move(inner, row, holder, parent, why);
    return outcome(row, parent);
  });
}

/**
 * Public id of the sub-account of the acting account that holds a number, for wires that name the number alone.
 *
 * Raises forbidden (by a sub-account), account_blocked, not_found (number).
 */
export async function subAccountHolding({
  ctx,
  input,
}: {
  ctx: Context;
  input: { readonly numberId: number };
}): Promise<string> {
  const holder = await findHolderBelow(ctx.sql, writingParent(ctx).id, input.numberId);
  if (holder === undefined) throw numberNotFound(input.numberId);
  return holder;
}

interface CoolOff {
  readonly lastCallAt: Date | null;
  readonly until: Date | null;
  /** Rounded up; 0 or less when it is over. */
  readonly remainingSeconds: number;
}

/** The cool-off reckons from the number's last call, whoever held it then. */
async function coolOffOf(ctx: Context, row: RentalRow): Promise<CoolOff> {
  const last = (await lastCallAt(ctx, [row.numberId])).get(row.numberId);
  if (!last) return { lastCallAt: null, until: null, remainingSeconds: 0 };
  const { environment } = writingParent(ctx);
  const seconds = await policyValue(ctx.sql, 'cool_off_seconds', environment, row);
  const until = addSeconds(last, seconds);
  const remainingSeconds = Math.ceil((until.getTime() - ctx.clock.now().getTime()) / 1000);
  return { lastCallAt: last, until, remainingSeconds };
}
