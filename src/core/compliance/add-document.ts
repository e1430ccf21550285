import { createHash } from 'node:crypto';
import { writingAccount } from '../authority/index.js';
import type { RootContext } from '../context.js';
import { domainError } from '../errors.js';
import { idempotently } from '../idempotency/index.js';
import { openStatuses } from './address.js';
import type { AddressRow } from './address-store.js';
import { cleanDocumentType, cleanFilename, documentsPerAddressMax, mediaTypeOf } from './document.js';
import type { AddressDocument } from './document.js';
import { documentOf, insertDocument, listDocumentRows } from './documents-store.js';
import { loadOwnAddress, lockOwnAddress } from './load-address.js';
import { recordAddress } from './record.js';

export interface DocumentInput {
  readonly addressId: number;
  readonly type: string;
  readonly filename: string;
  readonly bytes: Buffer;
}

/**
 * Adds a document to an address that has not been submitted, or that was decided against. What it is follows from its
 * content, not from its name.
 *
 * Raises forbidden, account_blocked, not_found (address), wrong_state, invalid_input, idempotency_*.
 */
export async function addDocument({
  ctx,
  input,
}: {
  ctx: RootContext;
  input: DocumentInput;
}): Promise<AddressDocument> {
  const account = writingAccount(ctx);
  const { addressId, bytes } = input;
  const mediaType = mediaTypeOf(bytes);
  const type = cleanDocumentType(input.type);
  const filename = cleanFilename(input.filename);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return idempotently(ctx, async (inner) => {
    mustBeOpen(await loadOwnAddress(inner, account, addressId));
    // The file is whole on disk before its row is. It is written before the address is locked, because the purchase
    // desk may wait for that lock; what a crash or a refusal leaves behind is a file that nobody knows.
    const storedAs = await ctx.documents.put(bytes);
    const address = await lockOwnAddress(inner, account, addressId);
    mustBeOpen(address);
    await mustHaveRoom(inner.sql, addressId);
    const createdAt = inner.clock.now();
    const byteCount = bytes.length;
    const row = await insertDocument(inner.sql, {
      ...{ addressId, type, filename, mediaType, byteCount, sha256, storedAs, createdAt },
    });
    await recordAddress(inner, address, 'address.add_document', {
      details: { document_id: row.id, document_type: type, media_type: mediaType, sha256 },
    });
    return { result: documentOf(row), subject: { kind: 'document', id: row.id } };
  });
}

function mustBeOpen({ id, status }: AddressRow): void {
  if (!openStatuses.includes(status)) {
    throw domainError('wrong_state', {
      kind: 'address',
      id,
      state: status,
      allowed: openStatuses,
    });
  }
}

async function mustHaveRoom(sql: Parameters<typeof listDocumentRows>[0], addressId: number): Promise<void> {
  const documents = await listDocumentRows(sql, addressId);
  if (documents.length >= documentsPerAddressMax) {
    const reason = `This address has ${documentsPerAddressMax} documents, the most allowed`;
    throw domainError('forbidden', { reason });
  }
}
