import { lchown, readdir, readFile, realpath, stat } from 'node:fs/promises';
import type { Stats } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Layout } from './layout.js';

/** Another user of the machine, as whom PostgreSQL runs because it refuses to run as root. */
export interface SystemUser {
  name: string;
  uid: number;
  gid: number;
}

/** In order of liking: `postgres` exists for this; `nobody` is shared with others but exists everywhere. */
const CANDIDATES = ['postgres', '_postgres', 'nobody'];
const READ = 4;
const ENTER = 1;

/**
 * As whom PostgreSQL runs: undefined means as ourselves. Root keeps the owner of an existing cluster, and of
 * an ordinary user's data folder, so that this user can go on with it.
 */
export async function chooseSystemUser({
  dataFolder,
  clusterFolder,
}: Layout): Promise<SystemUser | undefined> {
  const ownUid = process.getuid?.();
  if (ownUid === undefined) return undefined;
  const owner = (await statIfExists(clusterFolder))?.uid;
  if (ownUid !== 0) {
    if (owner !== undefined && owner !== ownUid) {
      throw new Error(`${clusterFolder} belongs to user ${owner}. Run Numex as that user, or as root.`);
    }
    return undefined;
  }
  const wantedUid = owner ?? (await stat(dataFolder)).uid;
  const users = await readUsers();
  const chosen =
    users.find(({ uid }) => uid !== 0 && uid === wantedUid) ??
    CANDIDATES.map((name) => users.find((user) => user.name === name)).find((user) => user !== undefined);
  if (!chosen) {
    throw new Error(
      'PostgreSQL refuses to run as root and this machine has no user "postgres" or "nobody". Run Numex as another user.',
    );
  }
  return chosen;
}

/** Gives a folder and all in it to the user; a cluster restored by root would otherwise be refused. */
export async function giveTo(user: SystemUser, folder: string): Promise<void> {
  await lchown(folder, user.uid, user.gid);
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    await lchown(join(entry.parentPath, entry.name), user.uid, user.gid);
  }
}

/** Whether the user may pass through every folder on the way to `folder`, and through it. */
export async function canEnter(user: SystemUser, folder: string): Promise<boolean> {
  let current = await realpath(folder);
  for (;;) {
    if (!allows(user, await stat(current), ENTER)) return false;
    const parent = dirname(current);
    if (parent === current) return true;
    current = parent;
  }
}

export async function canReadAndEnter(user: SystemUser, path: string): Promise<boolean> {
  const found = await stat(path);
  return allows(user, found, READ) && allows(user, found, ENTER);
}

export async function canRead(user: SystemUser, path: string): Promise<boolean> {
  return allows(user, await stat(path), READ);
}

/** Only the classic bits: where an access list says more, we fall back to a way that works anyway. */
function allows(user: SystemUser, found: Stats, bit: number): boolean {
  const shift = found.uid === user.uid ? 6 : found.gid === user.gid ? 3 : 0;
  return ((found.mode >> shift) & bit) === bit;
}

async function readUsers(): Promise<SystemUser[]> {
  const lines = (await readFile('/etc/passwd', 'utf8').catch(() => '')).split('\n');
  return lines.flatMap((line) => {
    const [name, , uid, gid] = line.split(':');
    return name && uid && gid ? [{ name, uid: Number(uid), gid: Number(gid) }] : [];
  });
}

async function statIfExists(path: string): Promise<Stats | undefined> {
  try {
    return await stat(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
