import { randomUUID } from 'node:crypto';
import { rename, rm, writeFile } from 'node:fs/promises';
import { giveToFolderOwner } from '../../lib/folder-owner.js';

/** Writes a file for its folder's owner alone, under a passing name. */
export async function writeDraft(path: string, content: string): Promise<string> {
  const draft = `${path}.${randomUUID()}.draft`;
  await writeFile(draft, content, { mode: 0o600, flag: 'wx', flush: true });
  await giveToFolderOwner(draft);
  return draft;
}

/** Writes a private file so that a reader, or a crash, sees all of it or nothing. */
export async function writePrivately(path: string, content: string): Promise<void> {
  const draft = await writeDraft(path, content);
  try {
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}
