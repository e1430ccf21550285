import { randomBytes } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { exists, makePrivate, readJson, undefinedIfMissing } from './files.js';
import type { FileSum } from './files.js';

/**
 * Backups and archived log of one uninterrupted life of a database. A restored database, and one whose log was interrupted,
 * begins a new series, so within a series any backup can be followed by its log.
 */
export interface Series {
  readonly id: string;
  readonly folder: string;
  readonly backups: string;
  readonly wal: string;
  readonly walSums: string;
  readonly documents: string;
  readonly documentSums: string;
  readonly coverage: string;
}

/** Until when the archived log covers what was answered. */
export interface Coverage {
  /** Everything that was answered before this instant is in the archive. */
  readonly at: string;
  readonly lsn: number;
}

export interface Manifest {
  readonly format: 1;
  readonly id: string;
  readonly numex: string;
  readonly postgres: string;
  readonly startedAt: string;
  /** From here on the backup can be brought to a point in time. */
  readonly finishedAt: string;
  readonly timeline: number;
  readonly startLsn: number;
  readonly stopLsn: number;
  readonly folders: readonly string[];
  readonly files: readonly FileSum[];
}

const seriesName = /^series-([0-9a-f]{12})$/;
const backupName = /^\d{8}T\d{6}Z(-\d+)?$/;

export function seriesIn(folder: string, id: string): Series {
  const own = join(folder, `series-${id}`);
  return {
    id,
    folder: own,
    backups: join(own, 'backups'),
    wal: join(own, 'wal'),
    walSums: join(own, 'wal.sums'),
    documents: join(own, 'documents'),
    documentSums: join(own, 'documents.sums'),
    coverage: join(own, 'covered.json'),
  };
}

/** The series that the data folder is in, when it is one of this backup folder. */
export async function currentSeries(folder: string, dataFolder: string): Promise<Series | undefined> {
  const id = (await readFile(markOf(dataFolder), 'utf8').catch(undefinedIfMissing))?.trim();
  if (id === undefined || !/^[0-9a-f]{12}$/.test(id)) return undefined;
  const series = seriesIn(folder, id);
  return (await exists(series.wal)) ? series : undefined;
}

export async function beginSeries(folder: string, dataFolder: string): Promise<Series> {
  const series = seriesIn(folder, randomBytes(6).toString('hex'));
  for (const each of [series.backups, series.wal, series.documents]) await makePrivate(each);
  await writeFile(markOf(dataFolder), `${series.id}\n`, { mode: 0o600, flush: true });
  return series;
}

export async function listSeries(folder: string): Promise<Series[]> {
  const names = await readdir(folder);
  return names.flatMap((name) => {
    const id = seriesName.exec(name)?.[1];
    return id === undefined ? [] : [seriesIn(folder, id)];
  });
}

/** Names of the finished backups of a series, oldest first. */
export async function listBackupNames({ backups }: Series): Promise<string[]> {
  const names = (await readdir(backups).catch(undefinedIfMissing)) ?? [];
  return names.filter((name) => backupName.test(name)).sort();
}

/** A name from the instant; backups of one second are numbered. */
export async function newBackupName(series: Series, at: Date): Promise<string> {
  const stem = at.toISOString().replace(/[-:]|\.\d+/g, '');
  for (let count = 1; ; count++) {
    const name = count === 1 ? stem : `${stem}-${count}`;
    if (!(await exists(join(series.backups, name)))) return name;
  }
}

export function readManifest({ backups }: Series, name: string): Promise<Manifest | undefined> {
  return readJson<Manifest>(join(backups, name, 'manifest.json'));
}

export function readCoverage({ coverage }: Series): Promise<Coverage | undefined> {
  return readJson<Coverage>(coverage);
}

function markOf(dataFolder: string): string {
  return join(dataFolder, 'backup.series');
}
