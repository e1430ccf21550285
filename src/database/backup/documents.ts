import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { addSum, copyWhole, undefinedIfMissing } from './files.js';
import type { Series } from './series.js';

/** A document that is still being uploaded; it belongs to nothing yet. */
const unfinished = /\.draft$/;

/**
 * Copies documents that the series does not have yet. A document never changes, so each is copied once; one that is deleted
 * meanwhile is left out. Gives the number copied.
 */
export async function copyNewDocuments(documentsPath: string, series: Series): Promise<number> {
  const names = (await readdir(documentsPath).catch(undefinedIfMissing)) ?? [];
  const known = new Set(await readdir(series.documents));
  let copied = 0;
  for (const name of names) {
    if (known.has(name) || unfinished.test(name)) continue;
    const sum = await copyWhole(join(documentsPath, name), join(series.documents, name), name);
    if (!sum) continue;
    await addSum(series.documentSums, sum);
    copied += 1;
  }
  return copied;
}

/** Changes whenever a document comes or goes; empty while there is no folder. */
export async function documentsStamp(documentsPath: string): Promise<string> {
  const found = await stat(documentsPath, { bigint: true }).catch(undefinedIfMissing);
  return found ? String(found.mtimeNs) : '';
}
