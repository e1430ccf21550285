import { join } from 'node:path';
import { BackupError } from './errors.js';
import { exists } from './files.js';
import { listBackupNames, listSeries, readCoverage, readManifest } from './series.js';
import type { Manifest, Series } from './series.js';
import { findWalChain } from './wal-chain.js';

export interface FoundBackup {
  readonly series: Series;
  readonly manifest: Manifest;
  readonly path: string;
  /** The latest instant it can be restored to: its own end, or that of the log that follows it. */
  readonly restorableUntil: string;
}

/** The finished backups of a folder, oldest first; with an id, that one alone. Raises BackupError when it is not there. */
export async function listFound(folder: string, id?: string): Promise<FoundBackup[]> {
  if (!(await exists(folder))) throw new BackupError(`There is no backup folder ${folder}.`);
  const found: FoundBackup[] = [];
  for (const series of await listSeries(folder)) {
    for (const name of await listBackupNames(series)) {
      if (id !== undefined && name !== id) continue;
      const manifest = await readManifest(series, name);
      if (manifest) found.push(await describe(series, manifest));
    }
  }
  if (id !== undefined && found.length === 0) throw new BackupError(`There is no backup ${id} in ${folder}.`);
  return found.sort((a, b) => (a.manifest.startedAt < b.manifest.startedAt ? -1 : 1));
}

async function describe(series: Series, manifest: Manifest): Promise<FoundBackup> {
  const path = join(series.backups, manifest.id);
  const coverage = await readCoverage(series);
  const chain = coverage && (await findWalChain(series, manifest));
  const isFollowed = coverage !== undefined && chain?.reaches(coverage.lsn) === true;
  const isLater = coverage !== undefined && coverage.at > manifest.finishedAt;
  return {
    series,
    manifest,
    path,
    restorableUntil: isFollowed && isLater ? coverage.at : manifest.finishedAt,
  };
}
