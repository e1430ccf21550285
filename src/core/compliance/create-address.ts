import { writingAccount } from '../authority/index.js';
import { isCountry } from '../catalogue/index.js';
import type { Context } from '../context.js';
import { domainError } from '../errors.js';
import { idempotently } from '../idempotency/index.js';
import { recordAddress } from './record.js';
import type { Address } from './address.js';
import { cleanAddress } from './address-input.js';
import type { AddressInput } from './address-input.js';
import { addressOf, countAddresses, insertAddress } from './address-store.js';

/** Addresses that one account may have: the purchase desk reads them all when it looks for one that fits. */
export const addressesPerAccountMax = 1000;

/**
 * Opens an address as a draft. Add its documents and submit it next.
 *
 * Raises forbidden, account_blocked, invalid_input, idempotency_*.
 */
export async function createAddress({ ctx, input }: { ctx: Context; input: AddressInput }): Promise<Address> {
  const account = writingAccount(ctx);
  const fields = cleanAddress(input, await isCountry(ctx.sql, input.country.toUpperCase()));
  return idempotently(ctx, async (inner) => {
    if ((await countAddresses(inner.sql, account.id)) >= addressesPerAccountMax) {
      const reason = `This account has ${addressesPerAccountMax} addresses, the most allowed`;
      throw domainError('forbidden', { reason });
    }
    const row = await insertAddress(inner.sql, account.id, fields, inner.clock.now());
    await recordAddress(inner, row, 'address.create');
    return { result: addressOf(row), subject: { kind: 'address', id: row.id } };
  });
}
