import { actingAccount } from '../../../core/authority/index.js';
import { searchNumbers } from '../../../core/stock/index.js';
import type { WireRoute } from '../../../http/wire.js';
import { pageOf, writeCursor } from '../paging.js';
import { cleanFilters, numberFilters } from './request.js';
import { renderAvailable } from './response.js';

/** Contract 2: the search. */
export const availableNumberRoutes: readonly WireRoute[] = [
  {
    method: 'GET',
    path: '/list-available-numbers',
    answer: async (ctx, { query }) => {
      const { limit, filters, position } = pageOf(query, cleanFilters);
      const wanted = numberFilters(filters, actingAccount(ctx).environment);
      if (!wanted) return { data: [], next_cursor: null };
      const input = { filters: wanted, limit, cursor: position };
      const { numbers, nextCursor } = await searchNumbers({ ctx, input });
      return {
        data: numbers.map(renderAvailable),
        next_cursor: nextCursor === null ? null : writeCursor(filters, nextCursor),
      };
    },
  },
];
