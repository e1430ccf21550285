import { actingAccount, requireOperator } from '../authority/index.js';
import type { Context } from '../context.js';
import { addressStatuses } from './address.js';
import type { Address, AddressStatus } from './address.js';
import { addressOf, listAddressRows, listAddressRowsOfAll } from './address-store.js';
import type { AddressFilters } from './address-store.js';
import { loadVisibleAddress } from './load-address.js';

/** One address: an account sees its own, the operator any. Raises not_found (address). */
export async function getAddress({
  ctx,
  input,
}: {
  ctx: Context;
  input: { readonly addressId: number };
}): Promise<Address> {
  return addressOf(await loadVisibleAddress(ctx, input.addressId));
}

/** A page of the account's addresses, newest first: those below `beforeId`, or the newest ones. */
export async function listAddresses({
  ctx,
  input,
}: {
  ctx: Context;
  input: AddressFilters & { readonly beforeId?: number | undefined; readonly limit: number };
}): Promise<Address[]> {
  const account = actingAccount(ctx);
  const { beforeId = Number.MAX_SAFE_INTEGER, limit, ...filters } = input;
  const rows = await listAddressRows(ctx.sql, account.id, filters, { beforeId, limit });
  return rows.map(addressOf);
}

/**
 * A page of everybody's addresses that wait for a decision, or are in another state, or in any; oldest first, after
 * `afterId`. Raises forbidden.
 */
export async function listAddressesToReview({
  ctx,
  input,
}: {
  ctx: Context;
  input: {
    readonly afterId: number;
    readonly limit: number;
    readonly status?: AddressStatus | 'any' | undefined;
  };
}): Promise<Address[]> {
  requireOperator(ctx);
  const { status = 'pending', ...page } = input;
  const rows = await listAddressRowsOfAll(ctx.sql, status === 'any' ? addressStatuses : [status], page);
  return rows.map(addressOf);
}
