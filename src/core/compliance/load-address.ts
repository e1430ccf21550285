import { actingAccount } from '../authority/index.js';
import type { Account, Context } from '../context.js';
import { domainError } from '../errors.js';
import { findAddress, lockAddress } from './address-store.js';
import type { AddressRow } from './address-store.js';

export function addressNotFound(id: number) {
  return domainError('not_found', { kind: 'address', id });
}

/** The one account whose addresses may be seen; undefined for the operator, who sees everybody's. */
function accountSeen({ actor }: Context): Account | undefined {
  return actor.kind === 'key' || (actor.kind === 'operator' && actor.actsFor)
    ? actingAccount({ actor })
    : undefined;
}

/** An address that the actor may see. Raises not_found (address), also for another tenant's. */
export async function loadVisibleAddress(ctx: Context, addressId: number): Promise<AddressRow> {
  const account = accountSeen(ctx);
  const row = await findAddress(ctx.sql, addressId);
  if (!row || (account && row.accountId !== account.id)) throw addressNotFound(addressId);
  return row;
}

/** One of this account's addresses. Raises not_found (address), also for another tenant's. */
export async function loadOwnAddress(ctx: Context, account: Account, addressId: number): Promise<AddressRow> {
  const row = await findAddress(ctx.sql, addressId);
  if (row?.accountId !== account.id) throw addressNotFound(addressId);
  return row;
}

/** One of this account's addresses, locked. Raises not_found (address), also for another tenant's. */
export async function lockOwnAddress(ctx: Context, account: Account, addressId: number): Promise<AddressRow> {
  const row = await lockAddress(ctx.sql, addressId);
  if (row?.accountId !== account.id) throw addressNotFound(addressId);
  return row;
}
