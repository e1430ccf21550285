import { countNumbers, pageOffsetMax, pageOfNumbers } from '../../../core/stock/index.js';
import type { VobizRoute } from '../errors.js';
import { numbersPerPage, pageOf } from '../paging.js';
import { accountPath } from '../paths.js';
import { inventoryFilters } from './request.js';
import { renderInventory } from './response.js';

/** Contract 3.2: what nobody holds and anybody may buy, in the order of the numbers. */
export const inventoryRoutes: readonly VobizRoute[] = [
  {
    method: 'GET',
    path: `${accountPath}/inventory/numbers`,
    answer: async (ctx, { query }) => {
      const { page, perPage } = pageOf(query, numbersPerPage);
      const shown = { page, per_page: perPage };
      const filters = inventoryFilters(ctx, query);
      if (!filters) return { items: [], ...shown, total: 0 };
      const tooFar = (page - 1) * perPage > pageOffsetMax;
      const [numbers, { total, isExact }] = await Promise.all([
        tooFar ? [] : pageOfNumbers({ ctx, input: { filters, page, perPage } }),
        countNumbers({ ctx, input: { filters } }),
      ]);
      // A total that was counted to a bound still covers this page and, behind a full one, says that there is more.
      const shownUntil = numbers.length === 0 ? 0 : (page - 1) * perPage + numbers.length;
      const atLeast = isExact || numbers.length < perPage ? shownUntil : shownUntil + 1;
      return { items: await renderInventory(ctx, numbers), ...shown, total: Math.max(total, atLeast) };
    },
  },
];
