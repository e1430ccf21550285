import { join } from 'node:path';
import { forEachAtOnce, isSame, readSums, sumOf } from './files.js';
import type { FileSum } from './files.js';
import { listFound } from './list.js';
import type { FoundBackup } from './list.js';
import { findWalChain } from './wal-chain.js';

export interface VerifiedBackup {
  readonly id: string;
  readonly series: string;
  readonly ok: boolean;
  readonly files: number;
  readonly segments: number;
  /** The latest instant it can be restored to. */
  readonly restorable_until: string;
  /** What is missing, changed, or out of reach. */
  readonly faults: readonly string[];
}

/** Reads every file of the backups, of the log that follows them and of the documents, and compares sums. */
export async function verifyBackups(folder: string, id?: string): Promise<VerifiedBackup[]> {
  const results: VerifiedBackup[] = [];
  for (const found of await listFound(folder, id)) results.push(await verifyBackup(found));
  return results;
}

async function verifyBackup({
  series,
  manifest,
  path,
  restorableUntil,
}: FoundBackup): Promise<VerifiedBackup> {
  const faults: string[] = [];
  const expectSame = async (expected: FileSum, file: string): Promise<void> => {
    const sum = await sumOf(file, expected.name);
    if (!sum) faults.push(`${expected.name} is missing`);
    else if (!isSame(expected, sum)) faults.push(`${expected.name} has changed`);
  };
  await forEachAtOnce(manifest.files, (file) => expectSame(file, join(path, file.name)));
  const chain = await findWalChain(series, manifest);
  await forEachAtOnce(chain.finished, async ({ name, path: file, sum }) => {
    // A crash may come between a segment and the line with its sum; PostgreSQL checks each record anyway.
    if (sum) await expectSame({ ...sum, name: `wal/${name}` }, file);
  });
  if (chain.beyondGap.length > 0) {
    faults.push(`the archived log has a gap before ${chain.beyondGap[0] ?? ''}`);
  }
  await forEachAtOnce(await readSums(series.documentSums), (sum) =>
    expectSame({ ...sum, name: `documents/${sum.name}` }, join(series.documents, sum.name)),
  );
  return {
    id: manifest.id,
    series: series.id,
    ok: faults.length === 0,
    files: manifest.files.length,
    segments: chain.finished.length,
    restorable_until: restorableUntil,
    faults: faults.sort(),
  };
}
