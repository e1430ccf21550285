import { addSeconds } from '../../lib/clock.js';
import { requireOperator } from '../authority/index.js';
import type { Context } from '../context.js';
import type { DocumentStore, StoredFile } from '../ports.js';
import { findKeptNames, findStoreTag } from './documents-store.js';

/** How old a file without a row must be before it goes: much longer than any upload or transaction lasts. */
export const orphanSeconds = 86_400;

/**
 * Removes those of the given files that nothing refers to: staged ones that were never kept, and kept ones of this
 * database without a row. Files of another database in the same folder stay. Gives how many. Raises forbidden.
 */
export async function sweepDocuments({
  ctx,
  input,
}: {
  ctx: Context;
  input: { readonly documents: DocumentStore; readonly files: readonly StoredFile[] };
}): Promise<number> {
  requireOperator(ctx);
  const before = addSeconds(ctx.clock.now(), -orphanSeconds);
  const old = input.files.filter(({ writtenAt }) => writtenAt < before);
  const tag = await findStoreTag(ctx.sql);
  const named = old.filter(({ isStaged, name }) => !isStaged && name.startsWith(tag));
  const kept = await findKeptNames(
    ctx.sql,
    named.map(({ name }) => name),
  );
  const orphans = [...old.filter(({ isStaged }) => isStaged), ...named.filter(({ name }) => !kept.has(name))];
  for (const orphan of orphans) await input.documents.remove(orphan);
  return orphans.length;
}
