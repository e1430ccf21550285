import { createHash, randomBytes } from 'node:crypto';
import { mkdir, open, opendir, readFile, rename, rm, stat, statfs } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { documentBytesMax, documentTooLarge, headBytesMax } from '../core/compliance/index.js';
import type { DocumentStore, StagedDocument, StoredFile } from '../core/ports.js';
import { assert } from '../lib/assert.js';
import { giveToFolderOwner } from '../lib/folder-owner.js';

const tokenBytes = 12;
const namePattern = /^[0-9a-f]{32}$/;
const tokenPattern = /^[0-9a-f]{24}$/;
const tagPattern = /^[0-9a-f]{8}$/;
const draftEnd = '.draft';
/** What uploads leave free on the disk, in bytes: the database may need it. */
const keptFreeBytes = 256 * 1024 * 1024;

/** Free bytes of the disk that a folder is on. */
export type FreeBytes = (path: string) => Promise<number>;

const freeBytesOf: FreeBytes = async (path) => {
  const { bavail, bsize } = await statfs(path);
  return bavail * bsize;
};

/**
 * Keeps documents as private files of a folder, under names that tell nothing but the database they belong to. A file has
 * its name only when all of it is on disk, and keeps it through a crash. The folder is made when the first document comes.
 */
export function documentFolder(path: string, freeBytes: FreeBytes = freeBytesOf): DocumentStore {
  let reservedBytes = 0;
  const draftOf = ({ token }: Pick<StagedDocument, 'token'>): string => join(path, token + draftEnd);
  return {
    reserve: async (bytes) => {
      await makePrivateFolder(path);
      reservedBytes += bytes;
      const release = (): void => {
        reservedBytes -= bytes;
      };
      if ((await freeBytes(path)) - reservedBytes >= keptFreeBytes) return release;
      release();
      return undefined;
    },
    stage: async (content) => {
      await makePrivateFolder(path);
      const token = randomBytes(tokenBytes).toString('hex');
      return { token, ...(await writeWhole(draftOf({ token }), content)) };
    },
    put: async (staged, tag) => {
      assert(
        tokenPattern.test(staged.token) && tagPattern.test(tag),
        'a document is put where it was staged',
      );
      const name = tag + staged.token;
      await rename(draftOf(staged), join(path, name)).catch(async (error: unknown) => {
        // A transaction that is tried again finds the file where the first try has put it.
        if (!(await exists(join(path, name)))) throw error;
      });
      await flushFolder(path);
      return name;
    },
    discard: (staged) => rm(draftOf(staged), { force: true }),
    get: async (name) => {
      assert(namePattern.test(name), 'a document is called what put has called it');
      return readFile(join(path, name));
    },
    files: () => filesOf(path),
    remove: async ({ name, isStaged }) => {
      assert((isStaged ? tokenPattern : namePattern).test(name), 'a file is called what files has called it');
      await rm(join(path, isStaged ? name + draftEnd : name), { force: true });
    },
  };
}

async function* filesOf(path: string): AsyncGenerator<StoredFile> {
  if (!(await exists(path))) return;
  for await (const { name: file } of await opendir(path)) {
    const isStaged = file.endsWith(draftEnd);
    const name = isStaged ? file.slice(0, -draftEnd.length) : file;
    if (!(isStaged ? tokenPattern : namePattern).test(name)) continue;
    const found = await stat(join(path, file)).catch(() => undefined);
    if (found) yield { name, isStaged, writtenAt: found.mtime };
  }
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

async function makePrivateFolder(path: string): Promise<void> {
  const made = await mkdir(path, { recursive: true, mode: 0o700 });
  if (made !== undefined) await giveToFolderOwner(path);
}

async function writeWhole(
  draft: string,
  content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<Omit<StagedDocument, 'token'>> {
  try {
    const file = await open(draft, 'wx', 0o600);
    try {
      await giveToFolderOwner(draft);
      const written = await writeContent(file, content);
      await file.sync();
      return written;
    } finally {
      await file.close();
    }
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

async function writeContent(
  file: FileHandle,
  content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<Omit<StagedDocument, 'token'>> {
  const hash = createHash('sha256');
  let byteCount = 0;
  let head = Buffer.alloc(0);
  for await (const chunk of content) {
    byteCount += chunk.length;
    if (byteCount > documentBytesMax) throw documentTooLarge();
    if (head.length < headBytesMax) head = Buffer.concat([head, chunk]).subarray(0, headBytesMax);
    hash.update(chunk);
    await file.writeFile(chunk);
  }
  return { byteCount, sha256: hash.digest('hex'), head: Buffer.from(head) };
}

/** The new name itself has to outlive a loss of power; Windows flushes names with the file and opens no folders. */
async function flushFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
