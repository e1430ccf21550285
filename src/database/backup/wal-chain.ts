import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readSums } from './files.js';
import type { FileSum } from './files.js';
import type { Manifest, Series } from './series.js';
import { segmentAt, segmentBytes, segmentName } from './wal-names.js';

/** The log that follows a backup, segment by segment, without a gap. */
export interface WalChain {
  readonly finished: readonly { name: string; path: string; sum: FileSum | undefined }[];
  /** The segment that was being written when the archive ended. */
  readonly partial: { name: string; path: string } | undefined;
  /** Whether it has all of the log before a position. */
  readonly reaches: (lsn: number) => boolean;
  /** Names that the archive has beyond a gap: they are of no use to this backup. */
  readonly beyondGap: readonly string[];
}

/** Finds what the archive of the series has from the start of the backup on. */
export async function findWalChain(series: Series, manifest: Manifest): Promise<WalChain> {
  const names = new Set(await readdir(series.wal));
  const sums = new Map((await readSums(series.walSums)).map((sum) => [sum.name, sum]));
  const inBackup = segmentAt(manifest.stopLsn - 1);
  const finished: WalChain['finished'][number][] = [];
  let segment = segmentAt(manifest.startLsn);
  for (; ; segment++) {
    const name = segmentName(manifest.timeline, segment);
    if (names.delete(name)) finished.push({ name, path: join(series.wal, name), sum: sums.get(name) });
    else if (segment > inBackup) break;
  }
  const name = segmentName(manifest.timeline, segment);
  const hasPartial = names.has(`${name}.partial`);
  const first = segmentName(manifest.timeline, segmentAt(manifest.startLsn));
  const beyondGap = [...names].filter((each) => each > `${name}.partial` && each > first).sort();
  return {
    finished,
    partial: hasPartial ? { name, path: join(series.wal, `${name}.partial`) } : undefined,
    reaches: (lsn) =>
      segmentAt(lsn) < segment || (segmentAt(lsn) === segment && (hasPartial || lsn % segmentBytes === 0)),
    beyondGap: beyondGap.filter((each) => !each.endsWith('.draft')),
  };
}
