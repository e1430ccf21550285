import { readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Clock } from '../../lib/clock.js';
import { openPool } from '../connection.js';
import type { Sql } from '../connection.js';
import { beginBackup, endBackup } from './backup-store.js';
import { copyNewDocuments } from './documents.js';
import { BackupError } from './errors.js';
import { copyWithSum, flushFolder, forEachAtOnce, makePrivate, sumOf, writeReplacing } from './files.js';
import type { FileSum } from './files.js';
import { beginSeries, currentSeries, newBackupName } from './series.js';
import type { Manifest, Series } from './series.js';
import { segmentAt, segmentName } from './wal-names.js';

export interface BackupSource {
  /** Of the embedded database, which must be running. */
  readonly url: string;
  readonly dataFolder: string;
  /** Where backups are kept; a disk of its own, best. */
  readonly folder: string;
  readonly clock: Clock;
  readonly version: string;
}

export interface BackupSummary {
  readonly id: string;
  readonly series: string;
  readonly files: number;
  readonly bytes: number;
  readonly documents: number;
  readonly path: string;
}

/** Content that PostgreSQL makes anew, or that must not come from a copy. */
const emptyInBackup = new Set([
  'pg_wal',
  'pg_replslot',
  'pg_dynshmem',
  'pg_notify',
  'pg_serial',
  'pg_snapshots',
  'pg_stat_tmp',
  'pg_subtrans',
]);
const leftOut =
  /^(postmaster\.(pid|opts)|backup_label(\.old)?|tablespace_map|recovery\.signal|pgsql_tmp.*|pg_internal\.init.*)$/;
/** Beside the cluster: the demo's keys. The database's password is made anew where it is restored. */
const besideCluster = ['demo.json'];

/**
 * Copies the running database and the documents, consistent by itself: whoever restores it has all that was committed when
 * it finished. Nothing waits for it. Raises BackupError.
 */
export async function createBackup(source: BackupSource): Promise<BackupSummary> {
  const { folder, dataFolder, clock } = source;
  await makePrivate(folder);
  const series = (await currentSeries(folder, dataFolder)) ?? (await beginSeries(folder, dataFolder));
  const id = await newBackupName(series, clock.now());
  const draft = join(series.backups, `${id}.draft`);
  await makePrivate(join(draft, 'wal'));
  // One connection: a backup begins and ends in one session.
  const sql = openPool({ url: source.url, connectionsMax: 1, applicationName: 'numex-backup' });
  try {
    const { manifest, documents } = await copyAll(sql, source, { series, id, draft });
    await writeReplacing(join(draft, 'manifest.json'), `${JSON.stringify(manifest, undefined, 1)}\n`);
    await rename(draft, join(series.backups, id));
    await flushFolder(series.backups);
    const bytes = manifest.files.reduce((total, file) => total + file.bytes, 0);
    const path = join(series.backups, id);
    return { id, series: series.id, files: manifest.files.length, bytes, documents, path };
  } finally {
    await sql.end({ timeout: 5 });
    await rm(draft, { recursive: true, force: true });
  }
}

interface Target {
  readonly series: Series;
  readonly id: string;
  readonly draft: string;
}

async function copyAll(
  sql: Sql,
  { dataFolder, clock, version }: BackupSource,
  { series, id, draft }: Target,
): Promise<{ manifest: Manifest; documents: number }> {
  const startedAt = clock.now();
  const documentsPath = join(dataFolder, 'documents');
  // Before the database for those that are deleted meanwhile, and after it for those that come.
  const before = await copyNewDocuments(documentsPath, series);
  const start = await beginBackup(sql, id);
  const cluster = join(dataFolder, 'postgres');
  const { folders, files } = await copyCluster(cluster, join(draft, 'postgres'));
  const end = await endBackup(sql);
  const finishedAt = clock.now();
  const label = join(draft, 'postgres', 'backup_label');
  await writeFile(label, end.label, { mode: 0o600, flush: true });
  const wal = await copyLog(join(cluster, 'pg_wal'), draft, { ...start, ...end });
  const beside = await copyBeside(dataFolder, draft);
  const after = await copyNewDocuments(documentsPath, series);
  const labelSum = await sumOf(label, 'postgres/backup_label');
  const manifest: Manifest = {
    format: 1,
    id,
    numex: version,
    postgres: start.postgres,
    startedAt: startedAt.toISOString(),
    finishedAt: finishedAt.toISOString(),
    timeline: start.timeline,
    startLsn: start.startLsn,
    stopLsn: end.stopLsn,
    folders,
    files: [...files, ...(labelSum ? [labelSum] : []), ...wal, ...beside],
  };
  return { manifest, documents: before + after };
}

async function copyCluster(from: string, to: string): Promise<{ folders: string[]; files: FileSum[] }> {
  const folders: string[] = [];
  const names: string[] = [];
  const look = async (below: string): Promise<void> => {
    await makePrivate(join(to, below));
    folders.push(join('postgres', below));
    if (emptyInBackup.has(below)) return;
    for (const entry of await readdir(join(from, below), { withFileTypes: true })) {
      if (leftOut.test(entry.name)) continue;
      if (entry.isDirectory()) await look(join(below, entry.name));
      else if (entry.isFile()) names.push(join(below, entry.name));
    }
  };
  await look('');
  const files: FileSum[] = [];
  // A file may go while we copy: its removal is in the log. The control file comes last.
  const copy = async (name: string): Promise<void> => {
    const sum = await copyWithSum(join(from, name), join(to, name), join('postgres', name));
    if (sum) files.push(sum);
  };
  const control = join('global', 'pg_control');
  await forEachAtOnce(
    names.filter((name) => name !== control),
    copy,
  );
  await copy(control);
  return { folders, files: files.sort((a, b) => (a.name < b.name ? -1 : 1)) };
}

/** The log that was written during the copy: without it the copy is not consistent. */
async function copyLog(
  from: string,
  draft: string,
  { timeline, startLsn, stopLsn }: { timeline: number; startLsn: number; stopLsn: number },
): Promise<FileSum[]> {
  const sums: FileSum[] = [];
  for (let segment = segmentAt(startLsn); segment <= segmentAt(stopLsn - 1); segment++) {
    const name = segmentName(timeline, segment);
    const sum = await copyWithSum(join(from, name), join(draft, 'wal', name), join('wal', name));
    if (!sum) throw new BackupError(`PostgreSQL no longer has ${name} of its log; make the backup again.`);
    sums.push(sum);
  }
  await flushFolder(dirname(join(draft, 'wal', 'x')));
  return sums;
}

async function copyBeside(dataFolder: string, draft: string): Promise<FileSum[]> {
  const sums: FileSum[] = [];
  for (const name of besideCluster) {
    const sum = await copyWithSum(join(dataFolder, name), join(draft, name), name);
    if (sum) sums.push(sum);
  }
  return sums;
}
