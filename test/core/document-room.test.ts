import { readdir, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  addDocument,
  admitDocument,
  documentsPerAddressMax,
  orphanSeconds,
  submitAddress,
} from '../../src/core/compliance/index.js';
import type { Account, RootContext } from '../../src/core/context.js';
import { setPolicy } from '../../src/core/policies/index.js';
import { documentFolder } from '../../src/documents/document-folder.js';
import { sweepDocumentsJob } from '../../src/jobs/sweep-documents.js';
import { openAddressBed, pdf, png } from '../support/addresses.js';
import type { AddressBed } from '../support/addresses.js';
import { startTestServer } from '../support/server.js';
import type { TestServer } from '../support/server.js';

const wholeGibibyte = 1024 ** 3;

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

const files = () => readdir(server.documentsPath);

async function upload(ctx: RootContext, addressId: number, bytes = pdf) {
  const file = await ctx.documents.stage([bytes]);
  try {
    return await addDocument({ ctx, input: { addressId, type: 'government_id', filename: 'id.pdf', file } });
  } finally {
    await ctx.documents.discard(file);
  }
}

const setBytesMax = (value: number) =>
  setPolicy({
    ctx: bed.operator(),
    input: { name: 'document_bytes_per_account', environment: 'live', value },
  });

describe('room for a document', () => {
  it('is asked for before anything is read: address, its state, its number of documents', async () => {
    const { id } = await bed.draft(owner);
    const ctx = bed.contextFor(owner);
    const admit = (addressId = id, as = ctx) => admitDocument({ ctx: as, input: { addressId } });
    expect(await admit()).toEqual({ family: owner.id });
    await expect(admit(999_999)).rejects.toMatchObject({ code: 'not_found' });
    const stranger = bed.contextFor((await server.createTenant()).account);
    await expect(admit(id, stranger)).rejects.toMatchObject({ code: 'not_found' });
    for (let n = 1; n < documentsPerAddressMax; n++) await upload(ctx, id);
    await expect(admit()).rejects.toMatchObject({ code: 'forbidden' });
    const submitted = await bed.submitted(owner);
    await expect(admit(submitted.id)).rejects.toMatchObject({ code: 'wrong_state' });
  });

  it('is not asked for by a repeat, which gets its first answer', async () => {
    const { id } = await bed.draft(owner);
    const keyed = bed.contextFor(owner, 'room-1');
    const first = await upload(keyed, id);
    await submitAddress({ ctx: bed.contextFor(owner), input: { addressId: id } });
    expect(await admitDocument({ ctx: keyed, input: { addressId: id } })).toEqual({ family: owner.id });
    expect(await upload(keyed, id)).toEqual(first);
  });

  it('is counted for an account and its sub-accounts together, exactly, also when two race for it', async () => {
    const { account } = await server.createTenant();
    const sub = (await server.createTenant({ parent: account.publicId })).account;
    const [mine, theirs] = [await bed.draft(account), await bed.draft(sub)];
    const taken = 2 * pdf.length;
    await setBytesMax(taken + png.length);
    const kept = (await files()).length;
    const race = await Promise.allSettled([
      upload(bed.contextFor(account), mine.id, png),
      upload(bed.contextFor(sub), theirs.id, png),
    ]);
    expect(race.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const refused = await admitDocument({ ctx: bed.contextFor(sub), input: { addressId: theirs.id } }).catch(
      (error: unknown) => error,
    );
    expect(refused).toMatchObject({ code: 'forbidden', message: expect.stringContaining('bytes') as string });
    expect(await files()).toHaveLength(kept + 1);
    await setBytesMax(wholeGibibyte);
    expect(await upload(bed.contextFor(sub), theirs.id, png)).toMatchObject({ byteCount: png.length });
  });

  it('is set aside on the disk for all that come in at once, and free again afterwards', async () => {
    const megabyte = 1024 * 1024;
    const store = documentFolder(server.documentsPath, () => Promise.resolve(256 * megabyte + 20 * megabyte));
    const first = await store.reserve(14 * megabyte);
    expect(first).toBeTypeOf('function');
    expect(await store.reserve(14 * megabyte)).toBeUndefined();
    first?.();
    expect(await store.reserve(14 * megabyte)).toBeTypeOf('function');
  });
});

describe('a refused document', () => {
  it('leaves no file, whenever it is refused', async () => {
    const { id } = await bed.draft(owner);
    const ctx = bed.contextFor(owner);
    const before = await files();
    await expect(upload(ctx, id, Buffer.from('MZ a program'))).rejects.toMatchObject({
      code: 'invalid_input',
    });
    await expect(upload(ctx, id, Buffer.alloc(11 * 1024 * 1024))).rejects.toMatchObject({
      code: 'invalid_input',
    });
    const late = {
      ...ctx,
      documents: {
        ...bed.documents,
        put: async (...args: Parameters<RootContext['documents']['put']>) => {
          await submitAddress({ ctx, input: { addressId: id } });
          return bed.documents.put(...args);
        },
      },
    };
    await expect(upload(late, id)).rejects.toMatchObject({ code: 'wrong_state' });
    expect((await files()).sort()).toEqual(before.sort());
  });
});

describe('files that nothing refers to', () => {
  const sweep = () =>
    sweepDocumentsJob(bed.documents).run({
      ...server.operator(),
      actor: { kind: 'system', name: 'sweep_documents' },
    });

  /** Makes a file as old as if it had been written so many seconds ago. */
  async function age(name: string, seconds: number): Promise<void> {
    const at = new Date(server.clock.now().getTime() - seconds * 1000);
    await utimes(join(server.documentsPath, name), at, at);
  }

  it('are removed when they are a day old; those of documents, young ones and another database’s stay', async () => {
    const { id } = await bed.draft(owner);
    const before = await files();
    const power = {
      ...bed.contextFor(owner),
      documents: {
        ...bed.documents,
        put: async (...args: Parameters<RootContext['documents']['put']>) => {
          await bed.documents.put(...args);
          throw new Error('power is gone');
        },
      },
    };
    for (let n = 0; n < 2; n++) await expect(upload(power, id)).rejects.toThrow('power is gone');
    const drafts = [await bed.documents.stage([pdf]), await bed.documents.stage([pdf])];
    const other = await bed.documents.put(await bed.documents.stage([pdf]), 'ffffffff');
    const orphans = (await files()).filter(
      (name) => !before.includes(name) && !name.includes('.') && name !== other,
    );
    expect(orphans).toHaveLength(2);
    for (const name of [...before, other]) await age(name, 2 * orphanSeconds);
    const [old, young] = [
      [orphans[0] ?? '', `${drafts[0]?.token ?? ''}.draft`],
      [orphans[1] ?? '', `${drafts[1]?.token ?? ''}.draft`],
    ];
    for (const name of old) await age(name, orphanSeconds + 1);
    for (const name of young) await age(name, orphanSeconds - 1);
    expect(await sweep()).toBe(2);
    expect((await files()).sort()).toEqual([...before, ...young, other].sort());
    expect(await sweep()).toBe(0);
  });

  it('are looked for where there is no folder yet', async () => {
    const documents = documentFolder(join(server.documentsPath, 'none'));
    const ctx = { ...server.operator(), actor: { kind: 'system', name: 'sweep_documents' } } as const;
    expect(await sweepDocumentsJob(documents).run(ctx)).toBe(0);
  });
});
