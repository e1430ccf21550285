import { actingAccount, keepStanding, writingAccount } from '../authority/index.js';
import { recordChange } from '../audit/index.js';
import type { Account, Context } from '../context.js';
import { domainError } from '../errors.js';
import { idempotently } from '../idempotency/index.js';
import { e164Of } from '../number-id.js';
import { dropAssignments } from '../routing/index.js';
import { isStillHeld } from '../number-life.js';
import { lockNumberRental, moveRentalRow } from './store.js';
import type { RentalRow } from './store.js';
import { rentedStates } from '../number-life.js';

/** A number that has passed between a parent and a sub-account. Plain data: stored and replayed as JSON. */
export interface HandOver {
  readonly rentalId: number;
  readonly numberId: number;
  /** Public id of whoever holds the number now. */
  readonly holder: string;
}

/**
 * Hands a number of a master account to a sub-account, without its assignments; the parent goes on paying. Repeats
 * change nothing. Raises forbidden (by a sub-account), account_blocked (also for the sub-account), not_found (number,
 * also one that another sub-account has), wrong_state, idempotency_*.
 */
export async function handToSubAccount({
  ctx,
  input,
}: {
  ctx: Context;
  input: { readonly numberId: number; readonly subAccount: Account };
}): Promise<HandOver> {
  const parent = writingParent(ctx);
  const { numberId, subAccount } = input;
  return idempotently(ctx, async (inner) => {
    const fits = subAccount.parentId === parent.id;
    if (fits) await keepStanding(inner, subAccount);
    const row = await lockNumberRental(inner.sql, numberId);
    if (
      !row ||
      !isStillHeld(row, inner.clock.now()) ||
      !fits ||
      (row.accountId !== parent.id && row.accountId !== subAccount.id)
    ) {
      throw numberNotFound(numberId);
    }
    if (row.accountId === parent.id) {
      requireHeld(row);
      await move(inner, row, parent, subAccount, { forced: false });
    }
    return outcome(row, subAccount);
  });
}

/** The acting account, which must be one that can have sub-accounts. Raises forbidden, account_blocked. */
export function writingParent(ctx: Context): Account {
  writingAccount(ctx);
  const account = actingAccount(ctx);
  if (account.parentId !== null) {
    throw domainError('forbidden', { reason: 'A sub-account cannot hand over numbers; its parent can' });
  }
  return account;
}

export function numberNotFound(numberId: number) {
  return domainError('not_found', { kind: 'number', id: e164Of(numberId) });
}

/** Raises wrong_state for a number that is being released. */
export function requireHeld(row: RentalRow): void {
  if (rentedStates.includes(row.state)) return;
  const { id, state } = row;
  throw domainError('wrong_state', { kind: 'rental', id, state, allowed: rentedStates });
}

/** The move itself, inside the transaction of a verb and under its lock on the number. */
export async function move(
  ctx: Context,
  row: RentalRow,
  from: Account,
  to: Account,
  why: { readonly forced: boolean; readonly lastCallAt?: Date | null; readonly coolOffUntil?: Date | null },
): Promise<void> {
  const at = ctx.clock.now();
  await dropAssignments(ctx, from, row, 'moved');
  await moveRentalRow(ctx.sql, row, { toAccountId: to.id, forced: why.forced, at });
  await recordChange(ctx, {
    environment: from.environment,
    accountId: from.parentId ?? from.id,
    action: 'number.move',
    subjectKind: 'rental',
    subjectId: row.id,
    numberId: row.numberId,
    details: {
      number: e164Of(row.numberId),
      from: from.publicId,
      to: to.publicId,
      forced: why.forced,
      last_call_at: why.lastCallAt?.toISOString() ?? null,
      cool_off_until: why.coolOffUntil?.toISOString() ?? null,
    },
    event: 'number.moved',
  });
}

export function outcome(row: RentalRow, holder: Account) {
  const result: HandOver = { rentalId: row.id, numberId: row.numberId, holder: holder.publicId };
  return { result, subject: { kind: 'rental', id: row.id } };
}
