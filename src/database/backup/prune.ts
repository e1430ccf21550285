import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { listFound } from './list.js';
import { listSeries, readCoverage } from './series.js';
import { segmentAt, segmentName } from './wal-names.js';

export interface Pruned {
  readonly removed: readonly string[];
  readonly kept: readonly string[];
  readonly segments: number;
}

/** Removes all backups but the latest `keep`, the log that none of those needs, and series that have none left. */
export async function pruneBackups(folder: string, keep: number): Promise<Pruned> {
  const all = await listFound(folder);
  const removed = all.slice(0, -keep);
  const kept = all.slice(-keep);
  for (const { path } of removed) await rm(path, { recursive: true });
  let segments = 0;
  for (const series of await listSeries(folder)) {
    const [oldest] = kept.filter((each) => each.series.id === series.id);
    // One that still grows may be waiting for its first backup.
    const wasEmptied = removed.some((each) => each.series.id === series.id);
    if (!oldest && wasEmptied && !(await isGrowing(folder, series.id, kept.at(-1)?.manifest.startedAt))) {
      await rm(series.folder, { recursive: true });
    }
    if (!oldest) continue;
    const first = segmentName(oldest.manifest.timeline, segmentAt(oldest.manifest.startLsn));
    for (const name of await readdir(series.wal)) {
      if (name >= first) continue;
      await rm(join(series.wal, name), { force: true });
      segments += 1;
    }
  }
  const idsOf = (found: typeof all): string[] => found.map(({ manifest }) => manifest.id);
  return { removed: idsOf(removed), kept: idsOf(kept), segments };
}

async function isGrowing(folder: string, id: string, since: string | undefined): Promise<boolean> {
  const series = (await listSeries(folder)).find((each) => each.id === id);
  const coverage = series && (await readCoverage(series));
  return coverage !== undefined && since !== undefined && coverage.at > since;
}
