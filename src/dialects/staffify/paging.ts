import type { Query } from '../../http/wire.js';
import { invalid } from '../../http/body.js';
import { textOf } from './parse.js';

/** Contract 1.5: `after` is the id below which the page begins, newest first. */

const limitDefault = 20;
export const limitMax = 100;

/** Raises invalid_input. */
export function limitOf(query: Query): number {
  const text = textOf(query, 'limit');
  if (text === undefined) return limitDefault;
  const limit = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (limit < 1 || limit > limitMax) throw invalid('limit', `must be a whole number from 1 to ${limitMax}`);
  return limit;
}

/** `beforeId` for the core's lists. Raises invalid_input. */
export function pageOf(query: Query): { readonly limit: number; readonly beforeId: number } {
  const limit = limitOf(query);
  const after = textOf(query, 'after');
  const beforeId = after === undefined ? Number.MAX_SAFE_INTEGER : Number(after);
  if (after !== undefined && (!/^\d{1,16}$/.test(after) || !Number.isSafeInteger(beforeId))) {
    throw invalid('after', 'must be the id of the last item of the page before');
  }
  return { limit, beforeId };
}

/** The page out of `limit + 1` rows, and the cursor of the next. */
export function cut<T extends { readonly id: number }>(rows: readonly T[], limit: number) {
  const page = rows.slice(0, limit);
  const last = rows.length > limit ? page.at(-1) : undefined;
  return { page, nextCursor: last ? String(last.id) : null };
}
