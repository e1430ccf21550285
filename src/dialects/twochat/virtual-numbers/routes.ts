import { domainError } from '../../../core/errors.js';
import { listRentals, releaseNumber } from '../../../core/rentals/index.js';
import type { WireRoute } from '../../../http/wire.js';
import { rentalIdOf } from '../ids.js';
import { textOf } from '../parse.js';
import type { Query } from '../../../http/wire.js';
import { renderVirtualNumber } from './response.js';

const pageSizeDefault = 50;
const pageSizeMax = 200;
/** Nobody has that many numbers: later pages are as empty as this one, and the database need not count so far. */
const pageMax = 1_000_000;

/** Contract 9.1 and 9.2: owned numbers, and giving one up at the end of what is paid. */
export const virtualNumberRoutes: readonly WireRoute[] = [
  {
    method: 'GET',
    path: '/voip/virtual-numbers',
    answer: async (ctx, { query }) => {
      const page = wholeNumber(query, ['page_number', 'page']) ?? 0;
      const asked = wholeNumber(query, ['results_per_page', 'per_page']) ?? pageSizeDefault;
      if (asked === 0) {
        throw domainError('invalid_input', { field: 'results_per_page', reason: 'must be at least 1' });
      }
      const limit = Math.min(asked, pageSizeMax);
      const rentals = await listRentals({ ctx, input: { limit, offset: Math.min(page, pageMax) * limit } });
      return { success: true, count: rentals.length, page, numbers: rentals.map(renderVirtualNumber) };
    },
  },
  {
    method: 'DELETE',
    path: '/voip/virtual-numbers/:uuid',
    answer: async (ctx, { params }) => {
      const rentalId = rentalIdOf(params['uuid'] ?? '');
      await releaseNumber({
        ctx,
        input: { rentalId, leaves: 'end_of_cycle', again: 'accept' },
      });
      return { success: true };
    },
  },
];

/** The first of these parameters that is there, as a whole number from 0. */
function wholeNumber(query: Query, names: readonly string[]): number | undefined {
  for (const name of names) {
    const text = textOf(query, name);
    if (text === undefined) continue;
    if (!/^\d{1,9}$/.test(text)) {
      throw domainError('invalid_input', { field: name, reason: 'must be a whole number from 0' });
    }
    return Number(text);
  }
  return undefined;
}
