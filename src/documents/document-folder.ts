import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { DocumentStore } from '../core/ports.js';
import { assert } from '../lib/assert.js';
import { giveToFolderOwner } from '../lib/folder-owner.js';

const namePattern = /^[0-9a-f]{32}$/;

/**
 * Keeps documents as private files of a folder, under names that tell nothing. A file has its name only when all of it
 * is on disk, and keeps it through a crash. The folder is made when the first document comes.
 */
export function documentFolder(path: string): DocumentStore {
  return {
    put: async (bytes) => {
      const name = randomBytes(16).toString('hex');
      await makePrivateFolder(path);
      await writeWhole(join(path, name), bytes);
      await flushFolder(path);
      return name;
    },
    get: async (name) => {
      assert(namePattern.test(name), 'a document is called what put has called it');
      return readFile(join(path, name));
    },
  };
}

async function makePrivateFolder(path: string): Promise<void> {
  const made = await mkdir(path, { recursive: true, mode: 0o700 });
  if (made !== undefined) await giveToFolderOwner(path);
}

async function writeWhole(path: string, bytes: Buffer): Promise<void> {
  const draft = `${path}.draft`;
  try {
    const file = await open(draft, 'wx', 0o600);
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await giveToFolderOwner(draft);
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
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
