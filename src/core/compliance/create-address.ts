import { writingAccount } from '../authority/index.js';
import { isCountry } from '../catalogue/index.js';
import type { Context } from '../context.js';
import { idempotently } from '../idempotency/index.js';
import { requireRoom } from '../limits/index.js';
import { recordAddress } from './record.js';
import type { Address } from './address.js';
import { cleanAddress } from './address-input.js';
import type { AddressInput } from './address-input.js';
import { addressOf, countAddresses, insertAddress } from './address-store.js';

/**
 * Opens an address as a draft. Add its documents and submit it next.
 *
 * Raises forbidden, account_blocked, invalid_input, limit_reached, idempotency_*.
 */
export async function createAddress({ ctx, input }: { ctx: Context; input: AddressInput }): Promise<Address> {
  const account = writingAccount(ctx);
  const fields = cleanAddress(input, await isCountry(ctx.sql, input.country.toUpperCase()));
  const create = async (inner: Context) => {
    await requireRoom(inner.sql, account, 'addresses_per_account', countAddresses);
    const row = await insertAddress(inner.sql, account.id, fields, inner.clock.now());
    await recordAddress(inner, row, 'address.create');
    return { result: addressOf(row), subject: { kind: 'address', id: row.id } };
  };
  return idempotently(ctx, create, { lock: 'alone' });
}
