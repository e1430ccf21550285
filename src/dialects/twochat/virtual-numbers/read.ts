import { domainError } from '../../../core/errors.js';
import { readAll } from '../../../http/faults.js';
import type { Asked, Query } from '../../../http/wire.js';
import { rentalIdOf } from '../ids.js';
import { textOf } from '../parse.js';

const pageSizeDefault = 50;
const pageSizeMax = 200;
/** Nobody has that many numbers: later pages are as empty as this one, and the database need not count so far. */
const pageMax = 1_000_000;

/** A page by its number, from 0. Raises invalid_input. */
export function pageOf({ query }: Asked) {
  const { page, limit } = readAll({
    page: () => wholeNumber(query, ['page_number', 'page'], 0) ?? 0,
    limit: () =>
      Math.min(wholeNumber(query, ['results_per_page', 'per_page'], 1) ?? pageSizeDefault, pageSizeMax),
  });
  return { page, limit, offset: Math.min(page, pageMax) * limit };
}

/** How this wire gives a number up: at the end of what is paid. Raises invalid_input, not_found. */
export function releaseOf({ params }: Asked) {
  const how = { leaves: 'end_of_cycle', again: 'accept' } as const;
  return { rentalId: rentalIdOf(params['uuid'] ?? ''), ...how };
}

/** The first of these parameters that is there, as a whole number of nine digits at most. */
function wholeNumber(query: Query, names: readonly string[], least: number): number | undefined {
  for (const name of names) {
    const text = textOf(query, name);
    if (text === undefined) continue;
    if (!/^\d{1,9}$/.test(text) || Number(text) < least) {
      throw domainError('invalid_input', { field: name, reason: `must be a whole number from ${least}` });
    }
    return Number(text);
  }
  return undefined;
}
