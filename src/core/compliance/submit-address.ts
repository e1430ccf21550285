import { writingAccount } from '../authority/index.js';
import type { Context } from '../context.js';
import { domainError } from '../errors.js';
import { idempotently } from '../idempotency/index.js';
import { openStatuses } from './address.js';
import type { Address } from './address.js';
import { addressOf, markSubmitted } from './address-store.js';
import { documentDemands } from './document.js';
import { listDocumentRows } from './documents-store.js';
import { lockOwnAddress } from './load-address.js';
import { recordAddress } from './record.js';

/**
 * Hands an address in for verification, which cannot be undone. One that was decided against, or has expired, may be
 * handed in again.
 * Raises forbidden, account_blocked, not_found (address), wrong_state, invalid_input (documents), idempotency_*.
 */
export async function submitAddress({
  ctx,
  input,
}: {
  ctx: Context;
  input: { readonly addressId: number };
}): Promise<Address> {
  const account = writingAccount(ctx);
  return idempotently(ctx, async (inner) => {
    const { id, status } = await lockOwnAddress(inner, account, input.addressId);
    if (!openStatuses.includes(status)) {
      const refused = { kind: 'address', id, state: status, allowed: openStatuses } as const;
      throw domainError('wrong_state', refused);
    }
    const documents = await listDocumentRows(inner.sql, id);
    const missing = documentDemands
      .filter(({ type, required }) => required && !documents.some((document) => document.type === type))
      .map(({ type }) => type);
    if (missing.length > 0) {
      const reason = `${missing.join(', ')} must be uploaded first`;
      throw domainError('invalid_input', { field: 'documents', reason });
    }
    const row = await markSubmitted(inner.sql, id, inner.clock.now());
    await recordAddress(inner, row, 'address.submit', { event: 'address.verification.pending' });
    return { result: addressOf(row), subject: { kind: 'address', id } };
  });
}
