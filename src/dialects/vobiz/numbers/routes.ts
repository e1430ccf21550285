import { actingAccount } from '../../../core/authority/index.js';
import { pageOfRentals } from '../../../core/rentals/index.js';
import type { VobizRoute } from '../errors.js';
import { numbersPerPage, pageOf } from '../paging.js';
import { flagOf, searchOf } from '../parse.js';
import { accountPath, numberPath } from '../paths.js';
import { rentalInPath } from './request.js';
import { renderHeld } from './response.js';

/** Contract 3.1: the numbers that an account holds. */
export const numberRoutes: readonly VobizRoute[] = [
  {
    method: 'GET',
    path: `${accountPath}/numbers`,
    answer: async (ctx, { query }) => {
      const { page, perPage } = pageOf(query, numbersPerPage);
      const shown = { page, per_page: perPage };
      const { possible, digits } = searchOf(query);
      if (!possible) return { items: [], ...shown, total: 0 };
      const withSubAccounts = flagOf(query, 'include_subaccounts') ?? true;
      const input = { page, perPage, withSubAccounts, digits };
      const { rentals, total } = await pageOfRentals({ ctx, input });
      return { items: await renderHeld(ctx, rentals), ...shown, total };
    },
  },
  {
    method: 'GET',
    path: numberPath,
    answer: async (ctx, { params }) => {
      const rental = await rentalInPath(ctx, params);
      const [number] = await renderHeld(ctx, [{ ...rental, account: actingAccount(ctx).publicId }]);
      return number;
    },
  },
];
