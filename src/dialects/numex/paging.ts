import { encodeCursor, pageOfRows as cutRows, positionsFrom, strangeCursor } from '../../http/paging.js';

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
  const [position] = positionsFrom(cursor, filters) ?? [start];
  if (position === undefined || position < 0 || position > max) throw strangeCursor();
  return position;
}

/** The same for lists whose position has several parts; undefined at their beginning. Raises invalid_input. */
export const positionsOf = positionsFrom;

/** No row is of a later time; a cursor that says so was not made here. */
const positionMsMax = Date.UTC(9999, 11, 31);

/** The time and the row id behind which a page starts; undefined at the beginning. Raises invalid_input. */
export function timePositionOf(
  cursor: string | undefined,
  filters: unknown,
): { readonly at: Date; readonly id: number } | undefined {
  const position = positionsFrom(cursor, filters);
  if (!position) return undefined;
  const [ms = -1, id = 0] = position;
  if (ms < 0 || ms > positionMsMax) throw strangeCursor();
  return { at: new Date(ms), id };
}

/** The page out of `limit + 1` rows, and the cursor of the next. */
export function pageOfRows<T extends { readonly id: number }>(
  rows: readonly T[],
  limit: number,
  filters: unknown,
): { page: T[]; nextCursor: string | null } {
  const { page, last } = cutRows(rows, limit);
  return { page, nextCursor: last ? encodeCursor([last.id], filters) : null };
}
