import { chown, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Gives a new file to the owner of its folder. Root at work in an ordinary user's data folder (sudo, once) must not
 * leave files there that the user's own server cannot read.
 */
export async function giveToFolderOwner(path: string): Promise<void> {
  if (process.getuid?.() !== 0) return;
  const { uid, gid } = await stat(dirname(path));
  if (uid !== 0) await chown(path, uid, gid);
}
