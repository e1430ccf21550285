import { domainError } from '../../core/errors.js';
import { decodeCursor, encodeCursor } from '../../lib/cursor.js';

/** Rows on a page when the caller does not say. */
export const pageSizeDefault = 50;

/**
 * The id after which a page starts, from 0 to `max`. Raises invalid_input for a cursor of another list or other filters,
 * and for one that no list has given.
 */
export function positionOf(
  cursor: string | undefined,
  filters: unknown,
  start: number,
  max = Number.MAX_SAFE_INTEGER,
): number {
  const [position] = positionsOf(cursor, filters) ?? [start];
  if (position === undefined || position < 0 || position > max) throw noCursor();
  return position;
}

function noCursor() {
  return domainError('invalid_input', { field: 'cursor', reason: 'is not a cursor of this list' });
}

/** The same for lists whose position has several parts; undefined at their beginning. Raises invalid_input. */
export function positionsOf(cursor: string | undefined, filters: unknown): number[] | undefined {
  if (cursor === undefined) return undefined;
  const position = decodeCursor(cursor, filters);
  if (!Array.isArray(position)) throw noCursor();
  return position;
}

/** The page out of `limit + 1` rows: the one too many tells that there is a next page. */
export function pageOfRows<T extends { readonly id: number }>(
  rows: readonly T[],
  limit: number,
  filters: unknown,
): { page: T[]; nextCursor: string | null } {
  const page = rows.slice(0, limit);
  const last = rows.length > limit ? page.at(-1) : undefined;
  return { page, nextCursor: last ? encodeCursor([last.id], filters) : null };
}
