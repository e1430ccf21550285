import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { listFound, pruneBackups, verifyBackups } from '../../src/database/backup/index.js';
import { segmentBytes, segmentName } from '../../src/database/backup/wal-names.js';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'numex-backups-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

/** A series with backups that begin in the given segments, and the log of the segments from 1 to the last. */
async function makeSeries(id: string, day: number, startSegments: readonly number[], lastSegment: number) {
  const series = join(folder, `series-${id}`);
  await mkdir(join(series, 'wal'), { recursive: true });
  await mkdir(join(series, 'documents'));
  for (const [index, segment] of startSegments.entries()) {
    const at = `2026-03-${String(day + index).padStart(2, '0')}T02:00:00.000Z`;
    const name = at.replace(/[-:]|\.000/g, '');
    await mkdir(join(series, 'backups', name), { recursive: true });
    const manifest = {
      ...{ format: 1, id: name, numex: '0', postgres: '18', startedAt: at, finishedAt: at, timeline: 1 },
      ...{ startLsn: segment * segmentBytes + 40, stopLsn: segment * segmentBytes + 4096 },
      ...{ folders: [], files: [] },
    };
    await writeFile(join(series, 'backups', name, 'manifest.json'), JSON.stringify(manifest));
  }
  for (let segment = 1; segment <= lastSegment; segment++) {
    await writeFile(join(series, 'wal', segmentName(1, segment)), '');
  }
  return series;
}

const covered = (series: string, at: string, lsn: number): Promise<void> =>
  writeFile(join(series, 'covered.json'), JSON.stringify({ at, lsn }));

it('segments of the log are called as PostgreSQL calls them', () => {
  expect(segmentName(1, 1)).toBe('000000010000000000000001');
  expect(segmentName(26, 257)).toBe('0000001A0000000100000001');
});

it('prune keeps the latest backups and the log that they need, and nothing of a series without one', async () => {
  const old = await makeSeries('aaaaaaaaaaaa', 1, [1], 2);
  const now = await makeSeries('bbbbbbbbbbbb', 5, [2, 4, 6], 7);
  expect(await pruneBackups(folder, 2)).toEqual({
    removed: ['20260301T020000Z', '20260305T020000Z'],
    kept: ['20260306T020000Z', '20260307T020000Z'],
    segments: 3,
  });
  expect(await readdir(folder)).toEqual(['series-bbbbbbbbbbbb']);
  expect(await readdir(join(now, 'wal'))).toEqual([4, 5, 6, 7].map((segment) => segmentName(1, segment)));
  await expect(readdir(old)).rejects.toThrow(/ENOENT/);
});

it('a gap in the log ends what a backup can be restored to, and verify names it', async () => {
  const series = await makeSeries('cccccccccccc', 1, [2], 6);
  await covered(series, '2026-03-09T00:00:00.000Z', 7 * segmentBytes);
  expect((await listFound(folder)).map((each) => each.restorableUntil)).toEqual(['2026-03-09T00:00:00.000Z']);
  await rm(join(series, 'wal', segmentName(1, 4)));
  expect((await listFound(folder)).map((each) => each.restorableUntil)).toEqual(['2026-03-01T02:00:00.000Z']);
  expect(await verifyBackups(folder)).toMatchObject([
    { ok: false, faults: [`the archived log has a gap before ${segmentName(1, 5)}`] },
  ]);
});
