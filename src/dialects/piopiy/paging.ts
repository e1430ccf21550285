import { DomainError } from '../../core/errors.js';
import { invalid } from '../../http/body.js';
import { readAll } from '../../http/faults.js';
import { sizeFrom, strangeCursor } from '../../http/paging.js';
import type { SizeRule } from '../../http/paging.js';
import { textOf } from './parse.js';
import type { Query } from '../../http/wire.js';

/** Contract 2: `limit`, and a `cursor` that carries the filters of its search. */

const size: SizeRule = { name: 'limit', usual: 50, max: 100, above: 'refused' };
const cursorLengthMax = 1000;
const positionName = 'at';

/** Filters in this wire's words, in one spelling each. */
export type WireFilters = Readonly<Record<string, string>>;

export interface Page {
  readonly limit: number;
  readonly filters: WireFilters;
  /** Where the page before ended, in the words of the list itself. */
  readonly position: string | undefined;
}

/**
 * Reads limit and cursor. Filters come from the cursor where there is one; those sent along must say the same. `clean`
 * reads the list's filters from a query, and from a cursor, which comes from outside just as well.
 */
export function pageOf(query: Query, clean: (query: Query) => WireFilters): Page {
  const { limit, given, carried } = readAll({
    limit: () => sizeFrom(textOf(query, 'limit'), size),
    given: () => clean(query),
    carried: () => carriedBy(textOf(query, 'cursor'), clean),
  });
  if (!carried) return { limit, filters: given, position: undefined };
  if (Object.entries(given).some(([name, value]) => carried.filters[name] !== value)) {
    throw invalid('cursor', 'belongs to a list with other filters');
  }
  return { limit, ...carried };
}

/** What a cursor carries; filters in it that no list has are a fault of the cursor. */
function carriedBy(cursor: string | undefined, clean: (query: Query) => WireFilters) {
  if (cursor === undefined) return undefined;
  const parts = readCursor(cursor);
  try {
    return { filters: clean(parts), position: parts[positionName] };
  } catch (error) {
    throw error instanceof DomainError ? brokenCursor() : error;
  }
}

export function writeCursor(filters: WireFilters, position: string): string {
  const parts = new URLSearchParams({ ...filters, [positionName]: position });
  return Buffer.from(parts.toString()).toString('base64url');
}

export const brokenCursor = strangeCursor;

function readCursor(cursor: string): WireFilters {
  const text = Buffer.from(cursor, 'base64url').toString();
  const parts = Object.fromEntries(new URLSearchParams(text));
  const whole = Buffer.from(text).toString('base64url') === cursor;
  if (!whole || cursor.length > cursorLengthMax || parts[positionName] === undefined) throw brokenCursor();
  return parts;
}
