import { decodeCursor, encodeCursor } from '../lib/cursor.js';
import { invalid } from './body.js';

/** Pages by cursor, by number and by offset: what the wires have in common; names and bounds are the wire's. */

/** How many items a page has. */
export interface SizeRule {
  readonly name: string;
  readonly usual: number;
  readonly max: number;
  /** What becomes of a size that is too large: refused, or taken for the largest or the usual one. */
  readonly above: 'refused' | 'largest' | 'usual';
}

/** A size as text. What is no size is refused where too large ones are, else it is the usual one. */
export function sizeFrom(text: string | undefined, { name, usual, max, above }: SizeRule): number {
  if (text === undefined) return usual;
  const size = countFrom(text);
  if (size !== undefined && size <= max) return size;
  if (above === 'refused') throw invalid(name, `must be a whole number from 1 to ${max}`);
  return above === 'largest' && size !== undefined ? max : usual;
}

/** Pages and offsets behind this one are all alike: empty. */
const positionMax = 1_000_000_000;

/** The number of a page, from 1; what cannot be meant is the first. */
export function pageNumberFrom(text: string | undefined): number {
  return Math.min(countFrom(text) ?? 1, positionMax);
}

/** How many items come before the page; what cannot be meant is none. */
export function offsetFrom(text: string | undefined): number {
  return Math.min(countFrom(text) ?? 0, positionMax);
}

/** A whole number from 1. */
function countFrom(text: string | undefined): number | undefined {
  return text !== undefined && /^\d*[1-9]\d*$/.test(text) ? Number(text) : undefined;
}

/** Where the page of a cursor begins; undefined at the beginning. Raises invalid_input for a cursor of another list. */
export function positionsFrom(cursor: string | undefined, filters: unknown): number[] | undefined {
  if (cursor === undefined) return undefined;
  const positions = decodeCursor(cursor, filters);
  if (!Array.isArray(positions)) throw strangeCursor();
  return positions;
}

export function strangeCursor() {
  return invalid('cursor', 'is not a cursor of this list');
}

/** A row id as the position that a page goes on from. Raises invalid_input. */
export function rowIdFrom(text: string | undefined, name: string, start: number): number {
  if (text === undefined) return start;
  const id = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(id)) throw invalid(name, 'must be the id of the last item of the page before');
  return id;
}

/** The page out of `limit + 1` rows: the one too many tells that there is a next page, behind `last`. */
export function pageOfRows<T>(
  rows: readonly T[],
  limit: number,
): { readonly page: T[]; readonly last: T | undefined } {
  const page = rows.slice(0, limit);
  return { page, last: rows.length > limit ? page.at(-1) : undefined };
}

export { encodeCursor };
