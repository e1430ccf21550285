import { encodeCursor, pageOfRows, positionsFrom, strangeCursor } from '../../http/paging.js';

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

/** What a query says of a page. */
interface PageAsked {
  limit?: number | undefined;
  cursor?: string | undefined;
}

/** The query without what it says of a page: the filters that its cursors hold for. */
export function withoutPage<Q extends PageAsked>(query: Q): Omit<Q, keyof PageAsked> {
  const filters: Omit<Q, keyof PageAsked> & PageAsked = { ...query };
  delete filters.limit;
  delete filters.cursor;
  return filters;
}

/** Rows to read for a page: one more than it has, which tells whether there is a next one. */
export function rowsFor({ limit = pageSizeDefault }: PageAsked): number {
  return limit + 1;
}

/** The page out of the rows read for it, rendered, and the cursor of the next. */
export function renderPage<T extends { readonly id: number }, W>(
  rows: readonly T[],
  { limit = pageSizeDefault }: PageAsked,
  filters: unknown,
  render: (row: T) => W,
): { data: W[]; next_cursor: string | null } {
  const { page, last } = pageOfRows(rows, limit);
  return { data: page.map(render), next_cursor: last ? encodeCursor([last.id], filters) : null };
}
