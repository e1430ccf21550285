import { randomUUID } from 'node:crypto';
import { chown, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Writes a file for its folder's owner alone, under a passing name. Root at work in an ordinary user's data
 * folder (sudo, once) must not leave files there that the user's own server cannot read.
 */
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

export async function giveToFolderOwner(path: string): Promise<void> {
  if (process.getuid?.() !== 0) return;
  const { uid, gid } = await stat(dirname(path));
  if (uid !== 0) await chown(path, uid, gid);
}
