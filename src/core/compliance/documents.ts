import { createHash } from 'node:crypto';
import { assert } from '../../lib/assert.js';
import type { Context, RootContext } from '../context.js';
import { domainError } from '../errors.js';
import type { AddressDocument } from './document.js';
import { documentOf, findDocument, listDocumentRows } from './documents-store.js';
import { loadVisibleAddress } from './load-address.js';

/** The documents of an address, in order of arrival, without their bytes. Raises not_found (address). */
export async function listDocuments({
  ctx,
  input,
}: {
  ctx: Context;
  input: { readonly addressId: number };
}): Promise<AddressDocument[]> {
  await loadVisibleAddress(ctx, input.addressId);
  return (await listDocumentRows(ctx.sql, input.addressId)).map(documentOf);
}

/**
 * A document with its bytes, for the account of its address and for the operator.
 *
 * Raises not_found (address, document).
 */
export async function readDocument({
  ctx,
  input,
}: {
  ctx: RootContext;
  input: { readonly addressId: number; readonly documentId: number };
}): Promise<AddressDocument & { readonly bytes: Buffer }> {
  await loadVisibleAddress(ctx, input.addressId);
  const row = await findDocument(ctx.sql, input.addressId, input.documentId);
  if (!row) throw domainError('not_found', { kind: 'document', id: input.documentId });
  const bytes = await ctx.documents.get(row.storedAs);
  const digest = createHash('sha256').update(bytes).digest('hex');
  assert(digest === row.sha256, `document ${row.id} is what was uploaded`);
  return { ...documentOf(row), bytes };
}
