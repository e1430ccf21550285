import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Clock } from '../../lib/clock.js';
import { openPool } from '../connection.js';
import type { Pool } from '../connection.js';
import { advanceArchiveSlot, createArchiveSlot, dropArchiveSlot, readLogState } from './backup-store.js';
import type { LogState } from './backup-store.js';
import { copyNewDocuments, documentsStamp } from './documents.js';
import { addSum, copyWhole, exists, makePrivate, writeReplacing } from './files.js';
import { beginSeries, currentSeries, listBackupNames } from './series.js';
import type { Coverage, Series } from './series.js';
import { segmentAt, segmentBytes, segmentName } from './wal-names.js';

export interface ArchiveSource {
  readonly url: string;
  readonly dataFolder: string;
  readonly folder: string;
  readonly clock: Clock;
  readonly logger: ArchiveLogger;
}

interface ArchiveLogger {
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
}

export interface Archive {
  /** Copies what is there for the last time and ends. */
  close(): Promise<void>;
}

/** What a loss of the data folder may cost at most, beside the time that copying takes. */
const everyMs = 1000;
const maxPauseMs = 30_000;
const copyPieceBytes = 1024 * 1024;

/** The segment that is being written, as far as it has been copied. */
interface Partial {
  readonly name: string;
  readonly serverStartedAt: string;
  readonly bytes: number;
}

interface Progress {
  series: Series;
  partial: Partial | undefined;
  documentsStamp: string;
}

/**
 * Copies the write-ahead log and new documents to the backup folder every second, until closed. A failure is logged when it
 * begins and when it is over; PostgreSQL keeps the log meanwhile, within `max_slot_wal_keep_size`.
 */
export function archiveContinuously(source: ArchiveSource): Archive {
  const sql = openPool({ url: source.url, connectionsMax: 1, applicationName: 'numex-archive' });
  const ending = new AbortController();
  let progress: Progress | undefined;
  let failures = 0;
  const step = async (): Promise<void> => {
    try {
      progress = await archiveOnce(sql, source, progress);
      if (failures > 0) source.logger.info({}, 'the log is being archived again');
      failures = 0;
    } catch (error) {
      progress = undefined;
      if (failures === 0) source.logger.warn({ err: error }, 'the log cannot be archived, trying again');
      failures += 1;
    }
  };
  const run = async (): Promise<void> => {
    while (!ending.signal.aborted) {
      await step();
      const pauseMs = Math.min(everyMs * 2 ** failures, maxPauseMs);
      await pause(pauseMs, undefined, { signal: ending.signal }).catch(() => undefined);
    }
    await step();
  };
  const running = run();
  return {
    close: async () => {
      ending.abort();
      await running;
      await sql.end({ timeout: 5 });
    },
  };
}

/** For a server without a backup folder: what an earlier one wanted kept is kept no longer. */
export async function forgetArchive(url: string): Promise<void> {
  const sql = openPool({ url, connectionsMax: 1, applicationName: 'numex-archive' });
  await dropArchiveSlot(sql).finally(() => sql.end({ timeout: 5 }));
}

async function archiveOnce(sql: Pool, source: ArchiveSource, known: Progress | undefined): Promise<Progress> {
  // Before PostgreSQL is asked how far it is: what was answered until now is before that.
  const at = source.clock.now();
  const state = await readLogState(sql);
  const from = state.keptFromLsn;
  const series = known?.series ?? (await currentSeries(source.folder, source.dataFolder));
  if (!series || from === null || !(await exists(series.wal))) {
    return startSeries(sql, source);
  }
  const isWhole = await archiveFinishedSegments(sql, source.dataFolder, series, state, from);
  if (!isWhole) return startSeries(sql, source);
  const partial = await archivePartial(source.dataFolder, series, state, known?.partial);
  const documents = join(source.dataFolder, 'documents');
  const stamp = await documentsStamp(documents);
  if (stamp !== known?.documentsStamp) await copyNewDocuments(documents, series);
  const coverage: Coverage = { at: at.toISOString(), lsn: state.flushedLsn };
  await writeReplacing(series.coverage, `${JSON.stringify(coverage)}\n`, { flush: false });
  return { series, partial, documentsStamp: stamp };
}

/** What was before it cannot be followed by log any more; a backup has to be made in the new series. */
async function startSeries(sql: Pool, source: ArchiveSource): Promise<Progress> {
  await makePrivate(source.folder);
  await dropArchiveSlot(sql);
  await createArchiveSlot(sql);
  const old = await currentSeries(source.folder, source.dataFolder);
  const series = await beginSeries(source.folder, source.dataFolder);
  const hadBackups = old !== undefined && (await listBackupNames(old)).length > 0;
  source.logger.warn(
    { series: series.id, folder: source.folder, interrupted: hadBackups },
    'archiving the log from here on; make a backup (numex backup create) that it can continue',
  );
  return { series, partial: undefined, documentsStamp: '' };
}

/** False when PostgreSQL has removed a segment that the archive lacks. */
async function archiveFinishedSegments(
  sql: Pool,
  dataFolder: string,
  series: Series,
  state: LogState,
  from: number,
): Promise<boolean> {
  const current = segmentAt(state.flushedLsn);
  for (let segment = segmentAt(from); segment < current; segment++) {
    const name = segmentName(state.timeline, segment);
    const target = join(series.wal, name);
    if (!(await exists(target))) {
      const sum = await copyWhole(join(dataFolder, 'postgres', 'pg_wal', name), target, name);
      if (!sum) return false;
      await addSum(series.walSums, sum);
    }
    await rm(`${target}.partial`, { force: true });
  }
  // Not before all of it is on disk there.
  if (current * segmentBytes > from) await advanceArchiveSlot(sql, current * segmentBytes);
  return true;
}

/**
 * Copies what the current segment has more than at the last time; all of it after PostgreSQL was started anew, because a
 * recovery may write the end of the log once more.
 */
async function archivePartial(
  dataFolder: string,
  series: Series,
  { timeline, flushedLsn, serverStartedAt }: LogState,
  known: Partial | undefined,
): Promise<Partial | undefined> {
  const name = segmentName(timeline, segmentAt(flushedLsn));
  const isSameOne = known?.name === name && known.serverStartedAt === serverStartedAt;
  const done = isSameOne ? known.bytes : 0;
  const bytes = flushedLsn % segmentBytes;
  if (bytes === done && isSameOne) return known;
  // Nothing is in it yet; it may not even be there.
  if (bytes === 0) return undefined;
  const source = await open(join(dataFolder, 'postgres', 'pg_wal', name), 'r');
  try {
    const target = await open(join(series.wal, `${name}.partial`), isSameOne ? 'r+' : 'w', 0o600);
    try {
      for (let position = done; position < bytes; position += copyPieceBytes) {
        const length = Math.min(copyPieceBytes, bytes - position);
        const piece = await source.read(Buffer.alloc(length), 0, length, position);
        await target.write(piece.buffer, 0, piece.bytesRead, position);
      }
      await target.datasync();
    } finally {
      await target.close();
    }
  } finally {
    await source.close();
  }
  return { name, serverStartedAt, bytes };
}
