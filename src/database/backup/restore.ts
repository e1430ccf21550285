import { copyFile, mkdir, open, readdir, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { recoverCluster } from '../embedded/index.js';
import type { EmbeddedLogger } from '../embedded/index.js';
import { giveToFolderOwner } from '../../lib/folder-owner.js';
import { BackupError } from './errors.js';
import { copyWithSum, forEachAtOnce, isSame, makePrivate, readSums, undefinedIfMissing } from './files.js';
import type { FileSum } from './files.js';
import { listFound } from './list.js';
import type { FoundBackup } from './list.js';
import { segmentBytes } from './wal-names.js';
import { findWalChain } from './wal-chain.js';

export interface RestoreRequest {
  /** Where the backups are. */
  readonly folder: string;
  /** Which one; without it the latest that reaches the instant. */
  readonly id?: string | undefined;
  /** An empty or missing folder, which becomes the data folder. */
  readonly dataFolder: string;
  /** Without it: everything that the archive has. */
  readonly until?: Date | undefined;
  readonly logger: EmbeddedLogger;
}

export interface Restored {
  readonly id: string;
  readonly series: string;
  readonly data_folder: string;
  readonly segments: number;
  readonly documents: number;
  /** Everything that was answered before this instant is there. */
  readonly restored_until: string;
}

/**
 * Makes a data folder from a backup and the log that follows it, checking every sum, and lets PostgreSQL bring it to the
 * end of the log or to an instant. The folder has its name only when all has succeeded. Raises BackupError.
 */
export async function restoreBackup(request: RestoreRequest): Promise<Restored> {
  const dataFolder = resolve(request.dataFolder);
  await expectEmpty(dataFolder);
  const found = await chooseBackup(request);
  await mkdir(dataFolder, { recursive: true });
  const cluster = join(dataFolder, 'postgres');
  // Until the end the cluster has another name, so that a half restored folder is not taken for a whole one.
  const draft = join(dataFolder, 'postgres.restoring');
  try {
    await copyBackup(found, dataFolder, draft);
    const segments = await copyLog(found, join(draft, 'pg_wal'));
    const documents = await copyDocuments(found, join(dataFolder, 'documents'));
    await writeFile(join(draft, 'recovery.signal'), '', { mode: 0o600 });
    await rename(draft, cluster);
    await recoverCluster({ dataFolder, until: request.until, logger: request.logger });
    return {
      id: found.manifest.id,
      series: found.series.id,
      data_folder: dataFolder,
      segments,
      documents,
      restored_until: request.until?.toISOString() ?? found.restorableUntil,
    };
  } catch (error) {
    for (const name of await readdir(dataFolder)) {
      await rm(join(dataFolder, name), { recursive: true, force: true });
    }
    throw error;
  }
}

async function expectEmpty(dataFolder: string): Promise<void> {
  const names = (await readdir(dataFolder).catch(undefinedIfMissing)) ?? [];
  if (names.length > 0) {
    throw new BackupError(
      `${dataFolder} is not empty: name an empty folder, and move it into place afterwards.`,
    );
  }
}

async function chooseBackup({ folder, id, until }: RestoreRequest): Promise<FoundBackup> {
  const all = await listFound(folder, id);
  const at = until?.toISOString();
  const reaching = all.filter(
    ({ manifest, restorableUntil }) =>
      at === undefined || (manifest.finishedAt <= at && at <= restorableUntil),
  );
  const chosen = reaching.at(-1);
  if (chosen) return chosen;
  if (all.length === 0) throw new BackupError(`There is no backup in ${folder}.`);
  const spans = all.map(
    ({ manifest, restorableUntil }) => `${manifest.id} ${manifest.finishedAt} to ${restorableUntil}`,
  );
  throw new BackupError(`No backup reaches ${at ?? ''}. There are: ${spans.join('; ')}.`);
}

async function copyBackup({ manifest, path }: FoundBackup, dataFolder: string, draft: string): Promise<void> {
  for (const folder of manifest.folders) await makePrivate(placeOf(folder, dataFolder, draft));
  await forEachAtOnce(
    manifest.files.filter(({ name }) => !/^wal[/\\]/.test(name)),
    async (file) => {
      const target = placeOf(file.name, dataFolder, draft);
      await copyTrusted(join(path, file.name), target, file);
      if (!/^postgres[/\\]/.test(file.name)) await giveToFolderOwner(target);
    },
  );
  const inBackup = manifest.files.filter(({ name }) => /^wal[/\\]/.test(name));
  await forEachAtOnce(inBackup, (file) =>
    copyTrusted(join(path, file.name), join(draft, 'pg_wal', file.name.slice('wal/'.length)), file),
  );
}

function placeOf(name: string, dataFolder: string, draft: string): string {
  const below = /^postgres(?:[/\\](.*))?$/.exec(name);
  return below ? join(draft, below[1] ?? '') : join(dataFolder, name);
}

async function copyLog({ series, manifest }: FoundBackup, pgWal: string): Promise<number> {
  const chain = await findWalChain(series, manifest);
  await forEachAtOnce(chain.finished, async ({ name, path, sum }) => {
    if (sum) await copyTrusted(path, join(pgWal, name), sum);
    else await copyFile(path, join(pgWal, name));
  });
  if (!chain.partial) return chain.finished.length;
  const target = join(pgWal, chain.partial.name);
  await copyFile(chain.partial.path, target);
  // PostgreSQL wants whole segments; zeros are the end of the log.
  await truncate(target, segmentBytes);
  const file = await open(target, 'r+');
  await file.sync().finally(() => file.close());
  return chain.finished.length + 1;
}

/** All that the series has: which of them the database knows is settled by the sweep of documents. */
async function copyDocuments({ series }: FoundBackup, documents: string): Promise<number> {
  const sums = await readSums(series.documentSums);
  if (sums.length === 0) return 0;
  await makePrivate(documents);
  await giveToFolderOwner(documents);
  await forEachAtOnce(sums, async (sum) => {
    await copyTrusted(join(series.documents, sum.name), join(documents, sum.name), sum);
    await giveToFolderOwner(join(documents, sum.name));
  });
  return sums.length;
}

async function copyTrusted(from: string, to: string, expected: FileSum): Promise<void> {
  const sum = await copyWithSum(from, to, expected.name);
  if (sum && isSame(expected, sum)) return;
  throw new BackupError(`${from} is ${sum ? 'not as it was written' : 'missing'}: use another backup.`);
}
