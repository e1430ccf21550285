import { actingAccount } from '../../../core/authority/index.js';
import { numberIdOf, spellNumberId } from '../../../core/number-id.js';
import { acquireNumber, listEveryRental, listRentals, releaseByNumber } from '../../../core/rentals/index.js';
import { numberIdNamed } from '../ids.js';
import type { WireRoute } from '../../../http/wire.js';
import { writeCursor } from '../paging.js';
import { objectBody, requiredField } from '../../../http/body.js';
import { digitsNamed } from '../parse.js';
import { cleanFilters, pageWanted, rentalFilters } from './request.js';
import { renderPurchased } from './response.js';

/** Contract 3, 4 and 5: buying a number, the numbers owned, and giving one up. */
export const purchasedNumberRoutes: readonly WireRoute[] = [
  {
    method: 'POST',
    path: '/buy-phone-number',
    answer: async (ctx, { body }) => {
      const digits = digitsNamed('number', requiredField(objectBody(body), 'number'));
      const numberId = numberIdOf(digits, actingAccount(ctx).environment);
      return renderPurchased(await acquireNumber({ ctx, input: { numberId, unmetRequirements: 'refuse' } }));
    },
  },
  {
    method: 'GET',
    path: '/purchased-phone-numbers',
    answer: async (ctx, { query }) => {
      const { environment } = actingAccount(ctx);
      const page = pageWanted(query);
      if (!page) {
        const input = rentalFilters(cleanFilters(query), environment);
        return { data: (await listEveryRental({ ctx, input })).map(renderPurchased) };
      }
      const { limit, filters, afterId } = page;
      const input = { ...rentalFilters(filters, environment), afterId, limit: limit + 1 };
      const rows = await listRentals({ ctx, input });
      const shown = rows.slice(0, limit);
      const last = rows.length > limit ? shown.at(-1) : undefined;
      return {
        data: shown.map(renderPurchased),
        next_cursor: last ? writeCursor(filters, String(last.id)) : null,
      };
    },
  },
  {
    method: 'DELETE',
    path: '/release-phone-number/:id',
    answer: async (ctx, { params }) => {
      const numberId = numberIdNamed(params['id'] ?? '', actingAccount(ctx).environment);
      const how = { leaves: 'now', again: 'accept' } as const;
      await releaseByNumber({ ctx, input: { numberId, ...how } });
      return { id: spellNumberId(numberId), status: 'released' };
    },
  },
];
