import { getAccount } from '../accounts/index.js';
import { lockStandings, requireOperator } from '../authority/index.js';
import { recordChange } from '../audit/index.js';
import { findAddressFacts, findRequirements, isRequirementMet, requirementOf } from '../compliance/index.js';
import type { Account, Context } from '../context.js';
import { domainError } from '../errors.js';
import { idempotently } from '../idempotency/index.js';
import { payingWallet } from '../ledger/index.js';
import { digitsOf, e164Of } from '../number-id.js';
import { isStillHeld } from '../number-life.js';
import { dropAssignments } from '../routing/index.js';
import { checkReason } from '../stock/index.js';
import { numberNotFound, outcome, requireHeld } from './hand-over.js';
import type { HandOver } from './hand-over.js';
import { findHolder } from './move-store.js';
import { lockNumberRental, moveRentalRow, setPayer } from './store.js';
import type { RentalRow } from './store.js';

/**
 * Moves a rented number from one tenant to any other of its environment, which pays from the next cycle on at the agreed
 * price; assignments end, and both are told. Repeats change nothing. Raises forbidden, invalid_input (reason, to),
 * account_blocked, not_found (number), wrong_state, no_wallet, requirements_unmet, idempotency_*.
 */
export async function moveRental({
  ctx,
  input,
}: {
  ctx: Context;
  input: { readonly numberId: number; readonly to: Account; readonly reason: string };
}): Promise<HandOver> {
  requireOperator(ctx);
  const { numberId, to, reason } = input;
  checkReason(reason);
  return idempotently(ctx, async (inner) => {
    const holder = await findHolder(inner.sql, numberId);
    if (holder === undefined) throw numberNotFound(numberId);
    const from = await getAccount({ ctx: inner, input: { account: holder } });
    await keepBothStanding(inner, from, to);
    const row = await lockNumberRental(inner.sql, numberId);
    if (!row || !isStillHeld(row, inner.clock.now())) throw numberNotFound(numberId);
    if (row.accountId === to.id) return outcome(row, to);
    requireMovable(row, from, to);
    await move(inner, row, { from, to, reason });
    return outcome(row, to);
  });
}

/** Locks both accounts and their payers in order of id. Raises account_blocked for a receiver that is not in business. */
async function keepBothStanding(ctx: Context, from: Account, to: Account): Promise<void> {
  const ids = [from, to].flatMap(({ id, parentId }) => (parentId === null ? [id] : [id, parentId]));
  const standings = await lockStandings(ctx.sql, [...new Set(ids)], 'share');
  const payer = to.parentId ?? to.id;
  if (standings.get(to.id) !== 'active' || standings.get(payer) !== 'active') {
    throw domainError('account_blocked', { account: to.publicId });
  }
}

/** Raises wrong_state for a rental that is being released, is past due or changed hands just now; invalid_input (to). */
function requireMovable(row: RentalRow, from: Account, to: Account): void {
  requireHeld(row);
  const state = row.accountId !== from.id ? 'moved' : row.pastDueSince ? 'past_due' : undefined;
  if (state !== undefined) {
    throw domainError('wrong_state', { kind: 'rental', id: row.id, state, allowed: ['active'] });
  }
  if (to.environment !== from.environment) {
    throw domainError('invalid_input', { field: 'to', reason: 'must be an account of the same environment' });
  }
  if ((to.clock?.id ?? null) !== (from.clock?.id ?? null)) {
    throw domainError('invalid_input', { field: 'to', reason: 'must live by the same clock' });
  }
}

async function move(
  ctx: Context,
  row: RentalRow,
  { from, to, reason }: { readonly from: Account; readonly to: Account; readonly reason: string },
): Promise<void> {
  const wallet = await payingWallet({ ctx, input: { account: to, currency: row.currency } });
  if (!wallet) throw domainError('no_wallet', { currency: row.currency });
  const addressId = await addressFor(ctx, row, to);
  const at = ctx.clock.now();
  await dropAssignments(ctx, from, row, 'moved');
  await moveRentalRow(ctx.sql, row, { toAccountId: to.id, forced: true, at });
  await setPayer(ctx.sql, row.id, { walletId: wallet.id, addressId });
  const details = {
    number: e164Of(row.numberId),
    from: from.publicId,
    to: to.publicId,
    forced: true,
    reason,
  };
  const told = new Set([from.parentId ?? from.id, to.parentId ?? to.id]);
  for (const accountId of told) {
    await recordChange(ctx, {
      environment: from.environment,
      accountId,
      action: 'number.move',
      subjectKind: 'rental',
      subjectId: row.id,
      numberId: row.numberId,
      details,
      event: 'number.moved',
    });
  }
}

/** The receiver's address that the number is registered with, null where it needs none. Raises requirements_unmet. */
async function addressFor({ sql }: Context, row: RentalRow, to: Account): Promise<number | null> {
  const { numberId, country, type } = row;
  const requirement = requirementOf(await findRequirements(sql, [country]), country, type);
  if (!requirement.needsRegistration) return null;
  const addresses = await findAddressFacts(sql, [], [to.id], true);
  const fitting = addresses.find((address) => isRequirementMet(requirement, address, digitsOf(numberId)));
  if (!fitting) throw domainError('requirements_unmet', { number: e164Of(numberId), country, type });
  return fitting.id;
}
