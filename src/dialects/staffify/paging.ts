import type { Query } from '../../http/wire.js';
import { readAll } from '../../http/faults.js';
import { pageOfRows, rowIdFrom, sizeFrom } from '../../http/paging.js';
import type { SizeRule } from '../../http/paging.js';
import { textOf } from './parse.js';

/** Contract 1.5: `after` is the id below which the page begins, newest first. */

export const limitMax = 100;
const size: SizeRule = { name: 'limit', usual: 20, max: limitMax, above: 'refused' };

/** Raises invalid_input. */
export function limitOf(query: Query): number {
  return sizeFrom(textOf(query, 'limit'), size);
}

/** `beforeId` for the core's lists. Raises invalid_input. */
export function pageOf(query: Query): { readonly limit: number; readonly beforeId: number } {
  return readAll({
    limit: () => limitOf(query),
    beforeId: () => rowIdFrom(textOf(query, 'after'), 'after', Number.MAX_SAFE_INTEGER),
  });
}

/** The page out of `limit + 1` rows, and the cursor of the next. */
export function cut<T extends { readonly id: number }>(rows: readonly T[], limit: number) {
  const { page, last } = pageOfRows(rows, limit);
  return { page, nextCursor: last ? String(last.id) : null };
}
