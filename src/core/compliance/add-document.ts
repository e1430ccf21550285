import { writingAccount } from '../authority/index.js';
import type { RootContext } from '../context.js';
import { DomainError } from '../errors.js';
import { readAll } from '../faults.js';
import type { StagedDocument } from '../ports.js';
import { idempotently } from '../idempotency/index.js';
import { cleanDocumentType, cleanFilename, mediaTypeOf } from './document.js';
import type { AddressDocument } from './document.js';
import { mustBeOpen, mustHaveRoom, takeRoom } from './document-room.js';
import { documentOf, findStoreTag, insertDocument } from './documents-store.js';
import { loadOwnAddress, lockOwnAddress } from './load-address.js';
import { recordAddress } from './record.js';

export interface DocumentInput {
  readonly addressId: number;
  readonly type: string;
  readonly filename: string;
  readonly file: StagedDocument;
}

/**
 * Adds a document to an address that has not been submitted, or that was decided against. What it is follows from its
 * content, not from its name.
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
  const { addressId, file } = input;
  const { byteCount, sha256 } = file;
  const { mediaType, type, filename } = readAll({
    mediaType: () => mediaTypeOf(file),
    type: () => cleanDocumentType(input.type),
    filename: () => cleanFilename(input.filename),
  });
  return idempotently(ctx, async (inner) => {
    mustBeOpen(await loadOwnAddress(inner, account, addressId));
    // The file is whole on disk before its row is. It gets its name before the address is locked, because the purchase
    // desk may wait for that lock. A refusal takes the file back; what a crash leaves behind is swept.
    const storedAs = await ctx.documents.put(file, await findStoreTag(inner.sql));
    const address = await lockOwnAddress(inner, account, addressId);
    try {
      mustBeOpen(address);
      await mustHaveRoom(inner.sql, addressId);
      await takeRoom(inner.sql, account, byteCount);
    } catch (error) {
      if (error instanceof DomainError) await ctx.documents.remove({ name: storedAs, isStaged: false });
      throw error;
    }
    const createdAt = inner.clock.now();
    const row = await insertDocument(inner.sql, {
      ...{ addressId, type, filename, mediaType, byteCount, sha256, storedAs, createdAt },
    });
    await recordAddress(inner, address, 'address.add_document', {
      details: { document_id: row.id, document_type: type, media_type: mediaType, sha256 },
    });
    return { result: documentOf(row), subject: { kind: 'document', id: row.id } };
  });
}
