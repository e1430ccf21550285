import { requireOperator, writingAccount } from '../authority/index.js';
import {
  addressNotFound,
  addressOf,
  automaticDecision,
  cleanReason,
  decideLocked,
  findAddress,
  isDecisionDue,
  isUsable,
  listDueDecisions,
  loadOwnAddress,
  lockAddress,
} from '../compliance/index.js';
import type { Address, AddressDecision, AddressRow } from '../compliance/index.js';
import type { Context } from '../context.js';
import { idempotently } from '../idempotency/index.js';
import { inTransaction } from '../../database/transaction.js';
import { present } from '../../lib/assert.js';
import { registerRentals } from './register-rentals.js';
import { hasAwaitingRentals, lockAwaitingNumbers } from './registration-store.js';

/**
 * Decides about an address that waits for it, or lets a verified one expire. Rentals that waited for such an address
 * become active in the same transaction.
 * Raises forbidden, invalid_input (reason), not_found (address), wrong_state, idempotency_*.
 */
export async function decideAddress({
  ctx,
  input,
}: {
  ctx: Context;
  input: {
    readonly addressId: number;
    readonly decision: AddressDecision;
    readonly reason?: string | undefined;
  };
}): Promise<Address> {
  requireOperator(ctx);
  const { addressId, decision } = input;
  const reason = cleanReason(input.reason);
  return idempotently(ctx, async (inner) => {
    const seen = await findAddress(inner.sql, addressId);
    if (!seen) throw addressNotFound(addressId);
    const row = await decideLocked(inner, await lockAll(inner, seen), decision, reason);
    if (isUsable(row)) await registerRentals(inner, row);
    return { result: addressOf(row), subject: { kind: 'address', id: addressId } };
  });
}

/**
 * The account asks how its address is doing. Where the exchange decides by itself (policy `address_auto_verify`), this
 * is when it does; and rentals that could be used by now are.
 * Raises forbidden, account_blocked, not_found (address), idempotency_*.
 */
export async function checkAddress({
  ctx,
  input,
}: {
  ctx: Context;
  input: { readonly addressId: number };
}): Promise<Address> {
  const account = writingAccount(ctx);
  return idempotently(ctx, async (inner) => {
    const seen = await loadOwnAddress(inner, account, input.addressId);
    const row = await settle(inner, seen);
    return { result: addressOf(row), subject: { kind: 'address', id: row.id } };
  });
}

/**
 * Decides about addresses that wait where the exchange decides by itself: a batch, each in a transaction of its own.
 * Gives how many it decided.
 * Raises forbidden.
 */
export async function settleAutomaticDecisions({
  ctx,
  input,
}: {
  ctx: Context;
  input: { readonly limit: number };
}): Promise<number> {
  requireOperator(ctx);
  let decided = 0;
  for (const { id } of await listDueDecisions(ctx.sql, input.limit)) {
    const before = await findAddress(ctx.sql, id);
    if (before?.status !== 'pending') continue;
    const after = await inTransaction(ctx.sql, (tx) => settle({ ...ctx, sql: tx }, before));
    if (after.status !== 'pending') decided++;
  }
  return decided;
}

/** What becomes of an address when it is looked at. */
async function settle(ctx: Context, seen: AddressRow): Promise<AddressRow> {
  const own: Context = { ...ctx, actor: { kind: 'system', name: 'address-check' } };
  if (await isDecisionDue(ctx.sql, seen.id)) {
    const row = await lockAll(own, seen);
    if (row.status !== 'pending') return row;
    const { decision, reason } = automaticDecision(row);
    const decided = await decideLocked(own, row, decision, reason);
    if (isUsable(decided)) await registerRentals(own, decided);
    return decided;
  }
  // Another look may have decided since this one began.
  const now = seen.status === 'pending' ? await findAddress(ctx.sql, seen.id) : seen;
  if (!now || !isUsable(now) || !(await hasAwaitingRentals(ctx.sql, seen.accountId))) return now ?? seen;
  const row = await lockAll(own, seen);
  if (isUsable(row)) await registerRentals(own, row);
  return row;
}

/** Locks numbers first, as everybody does, then the address, which by then may have changed. */
async function lockAll(ctx: Context, { id, accountId }: AddressRow): Promise<AddressRow> {
  await lockAwaitingNumbers(ctx.sql, accountId);
  return present(await lockAddress(ctx.sql, id), 'addresses are never deleted');
}
