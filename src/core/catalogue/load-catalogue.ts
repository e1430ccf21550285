import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { inTransaction } from '../../database/transaction.js';
import type { Pool, Transaction } from '../../database/connection.js';
import type { Clock } from '../../lib/clock.js';
import * as store from './load-store.js';
import type { CatalogueTable } from './load-store.js';

/** What is loaded, parents before children: each file fills the table of its name. */
const files: Readonly<Record<CatalogueTable, string>> = {
  country: 'countries.tsv',
  region: 'regions.tsv',
  city: 'cities.tsv',
  number_group: 'groups.tsv',
  group_prefix: 'prefixes.tsv',
  requirement: 'requirements.tsv',
};

/** Seen from src/core/catalogue and from dist/core/catalogue alike. */
export const catalogueFolder = fileURLToPath(new URL('../../../catalogue/output/', import.meta.url));

/**
 * Loads the catalogue of this version in one transaction, unless it has been loaded before; gives whether it did. Ids
 * are kept, and what a newer version no longer lists stays, because numbers and rentals may point at it. Processes that
 * start at once wait for one lock, and the second finds the work done.
 */
export async function loadCatalogue(pool: Pool, clock: Clock, folder = catalogueFolder): Promise<boolean> {
  const texts = await readFiles(folder);
  const digest = digestOf(texts);
  // Without the lock first, so that a start never waits for a long import that holds it.
  if (await store.isLoaded(pool, digest)) return false;
  return inTransaction(pool, async (tx) => {
    await store.lockCatalogue(tx);
    if (await store.isLoaded(tx, digest)) return false;
    await loadTables(tx, texts, clock.now());
    await store.insertLoad(tx, digest, clock.now());
    return true;
  });
}

async function readFiles(folder: string): Promise<Map<CatalogueTable, Buffer>> {
  const tables = Object.keys(files) as CatalogueTable[];
  const texts = await Promise.all(tables.map((table) => readFile(`${folder}/${files[table]}`)));
  return new Map(tables.map((table, index) => [table, texts[index] ?? Buffer.alloc(0)]));
}

function digestOf(texts: ReadonlyMap<CatalogueTable, Buffer>): string {
  const hash = createHash('sha256');
  for (const [table, text] of texts) hash.update(`${table} ${text.length}\n`).update(text);
  return hash.digest('hex');
}

async function loadTables(
  tx: Transaction,
  texts: ReadonlyMap<CatalogueTable, Buffer>,
  now: Date,
): Promise<void> {
  for (const [table, text] of texts) await store.stageTable(tx, table, text);
  await store.mergeCountries(tx);
  await store.mergeRegions(tx);
  await store.mergeCities(tx);
  // Numbers carry a copy of their group's place and type; they follow before the old values are gone.
  await store.moveNumbersOfChangedGroups(tx);
  await store.freeMovedPublicIds(tx);
  await store.mergeGroups(tx);
  await store.replacePrefixes(tx);
  await store.supersedeRequirements(tx, now);
  await store.insertRequirements(tx);
  await store.analyzeCatalogue(tx);
}
