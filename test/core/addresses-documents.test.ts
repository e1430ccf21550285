import { chmod, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  addDocument,
  documentBytesMax,
  documentsPerAddressMax,
  listDocuments,
  readDocument,
  submitAddress,
} from '../../src/core/compliance/index.js';
import type { DocumentStore } from '../../src/core/ports.js';
import type { Account, RootContext } from '../../src/core/context.js';
import { documentFolder } from '../../src/documents/document-folder.js';
import { jpeg, openAddressBed, pdf, png } from '../support/addresses.js';
import type { AddressBed } from '../support/addresses.js';
import { startTestServer } from '../support/server.js';
import type { TestServer } from '../support/server.js';

let server: TestServer;
let bed: AddressBed;
let owner: Account;

beforeAll(async () => {
  server = await startTestServer();
  bed = openAddressBed(server);
  owner = (await server.createTenant()).account;
});

afterAll(async () => {
  await bed.close();
  await server.close();
});

/** As a request does it: the file is staged, and gone if it is not kept. */
async function upload(
  ctx: RootContext,
  addressId: number,
  bytes = pdf,
  filename = 'id.pdf',
  type = 'government_id',
) {
  const file = await ctx.documents.stage([bytes]);
  try {
    return await addDocument({ ctx, input: { addressId, type, filename, file } });
  } finally {
    await ctx.documents.discard(file);
  }
}

describe('documents', () => {
  it.each([
    ['application/pdf', pdf, 'scan.exe'],
    ['image/png', png, 'scan.pdf'],
    ['image/jpeg', jpeg, 'scan'],
  ])('are %s by their content, whatever they are called', async (mediaType, bytes, filename) => {
    const { id } = await bed.draft(owner);
    const ctx = bed.contextFor(owner);
    const made = await upload(ctx, id, bytes, filename);
    expect(made).toMatchObject({ mediaType, byteCount: bytes.length, filename, type: 'government_id' });
    const read = await readDocument({ ctx, input: { addressId: id, documentId: made.id } });
    expect(read).toEqual({ ...made, bytes });
    expect(
      (await readDocument({ ctx: bed.operator(), input: { addressId: id, documentId: made.id } })).bytes,
    ).toEqual(bytes);
  });

  it.each([
    ['a program that is called a picture', Buffer.from('MZ\x90\x00 a program'), 'holiday.jpg'],
    ['a page that is called a PDF', Buffer.from('<!doctype html><script>x()</script>'), 'id.pdf'],
    ['a PDF behind something else', Buffer.from('\n%PDF-1.7'), 'id.pdf'],
    ['half a signature', png.subarray(0, 7), 'id.png'],
    ['nothing', Buffer.alloc(0), 'id.pdf'],
  ])('are not %s', async (_what, bytes, filename) => {
    const { id } = await bed.draft(owner);
    await expect(upload(bed.contextFor(owner), id, bytes, filename)).rejects.toMatchObject({
      code: 'invalid_input',
      details: { field: 'file' },
    });
  });

  it('have 10 MB and not a byte more', async () => {
    const { id } = await bed.draft(owner);
    const ctx = bed.contextFor(owner);
    const full = Buffer.concat([pdf, Buffer.alloc(documentBytesMax - pdf.length)]);
    expect((await upload(ctx, id, full)).byteCount).toBe(10_485_760);
    await expect(upload(ctx, id, Buffer.concat([full, Buffer.from('x')]))).rejects.toMatchObject({
      code: 'invalid_input',
      details: { field: 'file' },
    });
  });

  it('keep a name without folders, and have one', async () => {
    const { id } = await bed.draft(owner);
    const ctx = bed.contextFor(owner);
    expect((await upload(ctx, id, pdf, '../../etc/passwd')).filename).toBe('passwd');
    expect((await upload(ctx, id, pdf, 'C:\\scans\\pass.pdf')).filename).toBe('pass.pdf');
    for (const filename of ['', 'a/', 'a\r\nSet-Cookie: x', 'x'.repeat(256)]) {
      await expect(upload(ctx, id, pdf, filename)).rejects.toMatchObject({ details: { field: 'filename' } });
    }
    await expect(upload(ctx, id, png, 'me.png', 'selfie')).rejects.toMatchObject({
      details: { field: 'document_type' },
    });
  });

  it('are bounded in number', async () => {
    const { id } = await bed.draft(owner);
    const ctx = bed.contextFor(owner);
    for (let n = 1; n < documentsPerAddressMax; n++) await upload(ctx, id);
    await expect(upload(ctx, id)).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('are added once for one idempotency key, and leave one file', async () => {
    const { id } = await bed.draft(owner);
    const add = () => upload(bed.contextFor(owner, 'doc-1'), id);
    const before = (await readdir(server.documentsPath)).length;
    const first = await add();
    expect(await add()).toEqual(first);
    expect((await readdir(server.documentsPath)).length).toBe(before + 1);
  });

  it('lie in private files whose names tell nothing', async () => {
    const { id } = await bed.draft(owner);
    await upload(bed.contextFor(owner), id, png, 'very-private-name.png');
    const names = await readdir(server.documentsPath);
    expect(names.filter((name) => !/^[0-9a-f]{32}$/.test(name))).toEqual([]);
    for (const name of names) {
      const { mode } = await stat(join(server.documentsPath, name));
      expect(mode & 0o777).toBe(0o600);
    }
    await expect(bed.documents.get('../../etc/passwd')).rejects.toThrow();
    const fresh = join(server.documentsPath, 'fresh');
    const store = documentFolder(fresh);
    const name = await store.put(await store.stage([pdf]), '0123abcd');
    expect((await stat(fresh)).mode & 0o777).toBe(0o700);
    expect(await documentFolder(fresh).get(name)).toEqual(pdf);
    await rm(fresh, { recursive: true });
  });

  it('are not handed out when the file is no longer what was uploaded, or is gone', async () => {
    const { id } = await bed.draft(owner);
    const ctx = bed.contextFor(owner);
    const { id: documentId } = await upload(ctx, id, png);
    const [row] = await server.sql<{ storedAs: string }[]>`
      select stored_as as "storedAs" from address_document where id = ${documentId}`;
    const file = join(server.documentsPath, row?.storedAs ?? '');
    expect(await readFile(file)).toEqual(png);
    await chmod(file, 0o600);
    await writeFile(file, pdf);
    const read = () => readDocument({ ctx, input: { addressId: id, documentId } });
    await expect(read()).rejects.toThrow('what was uploaded');
    await rm(file);
    await expect(read()).rejects.toThrow('ENOENT');
  });

  it('have their file before their row: what fails in between leaves no row', async () => {
    const { id } = await bed.draft(owner);
    const ctx = bed.contextFor(owner);
    const rows = async () => (await listDocuments({ ctx, input: { addressId: id } })).length;
    const before = await rows();
    const seen: number[] = [];
    const failing = {
      ...ctx,
      documents: {
        ...bed.documents,
        put: async (...args: Parameters<DocumentStore['put']>) => {
          await bed.documents.put(...args);
          seen.push(await rows());
          throw new Error('power is gone');
        },
      },
    };
    await expect(upload(failing, id)).rejects.toThrow('power is gone');
    expect([seen, await rows()]).toEqual([[before], before]);
  });

  it('cannot slip in while the address is being submitted', async () => {
    const { id } = await bed.draft(owner);
    const ctx = bed.contextFor(owner);
    const late = {
      ...ctx,
      documents: {
        ...bed.documents,
        put: async (...args: Parameters<DocumentStore['put']>) => {
          await submitAddress({ ctx, input: { addressId: id } });
          return bed.documents.put(...args);
        },
      },
    };
    await expect(upload(late, id)).rejects.toMatchObject({
      code: 'wrong_state',
      details: { state: 'pending' },
    });
    expect(await listDocuments({ ctx, input: { addressId: id } })).toHaveLength(1);
  });
});
