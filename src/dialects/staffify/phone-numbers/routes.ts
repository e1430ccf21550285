import { actingAccount } from '../../../core/authority/index.js';
import { getGroups, listServedCountries } from '../../../core/catalogue/index.js';
import type { RootContext } from '../../../core/context.js';
import { e164Of } from '../../../core/number-id.js';
import { buyNumber } from '../../../core/sales/index.js';
import { getRental, listRentals } from '../../../core/rentals/index.js';
import { priceNumbers, searchNumbers } from '../../../core/stock/index.js';
import type { WireRoute } from '../../../http/wire.js';
import { creditCurrency } from '../credits/credit.js';
import { idNamed } from '../ids.js';
import { cut, pageOf } from '../paging.js';
import { checkPurchaseOrder, requiresAddress, servedCountry, usableAddress } from './eligibility.js';
import { ownedNumberRoutes } from './owned.js';
import { filtersOf, purchaseOf, searchOf } from './request.js';
import type { Search } from './request.js';
import { renderFound, renderOwned } from './response.js';

/** Contract 2 and 4: finding, buying, and the numbers that are owned. */
export const phoneNumberRoutes: readonly WireRoute[] = [
  {
    method: 'GET',
    path: '/phone-numbers/search',
    answer: async (ctx, { query }) => ({ phone_numbers: await search(ctx, searchOf(query)) }),
  },
  {
    method: 'GET',
    path: '/phone-numbers/countries',
    answer: async (ctx) => {
      const countries = await listServedCountries({ ctx });
      const [home] = countries.filter(({ code }) => code === 'US');
      const others = countries.filter((country) => country !== home);
      others.sort((a, b) => (a.name < b.name ? -1 : 1));
      const all = home ? [home, ...others] : others;
      return {
        countries: all.map(({ code, name }) => ({ code, name, requires_address: requiresAddress(code) })),
      };
    },
  },
  {
    method: 'POST',
    path: '/phone-numbers',
    answer: async (ctx, { body }) => {
      const purchase = purchaseOf(body, actingAccount(ctx).environment);
      await checkPurchaseOrder(ctx, purchase);
      const { numberId, addressId } = purchase;
      const how = { currency: creditCurrency, unmetRequirements: 'refuse', addressId } as const;
      const { rentalId } = await buyNumber({ ctx, input: { line: { numberId }, ...how } });
      return { success: true, id: rentalId, phone_number: e164Of(numberId) };
    },
  },
  {
    method: 'GET',
    path: '/phone-numbers',
    answer: async (ctx, { query }) => {
      const { limit, beforeId } = pageOf(query);
      const rows = await listRentals({ ctx, input: { beforeId, limit: limit + 1 } });
      const { page, nextCursor } = cut(rows, limit);
      return { phone_numbers: await renderOwned(ctx, page), next_cursor: nextCursor };
    },
  },
  {
    method: 'GET',
    path: '/phone-numbers/:numberId',
    answer: async (ctx, { params }) => {
      const rentalId = idNamed('number', params['numberId'] ?? '');
      const [owned] = await renderOwned(ctx, [await getRental({ ctx, input: { rentalId } })]);
      return owned;
    },
  },
  ...ownedNumberRoutes,
];

/**
 * Numbers for sale. Where a country wants an address, there are none before the caller has one that is usable; where it
 * wants the buyer to be in the city, they are those of the address's city unless one is named.
 */
async function search(ctx: RootContext, wanted: Search) {
  const country = await servedCountry(ctx, wanted.country);
  const address = requiresAddress(country.code) ? await usableAddress(ctx, country.code) : undefined;
  if (requiresAddress(country.code) && !address) return [];
  const local = country.localPresence && wanted.type === 'local';
  const cityCode = wanted.cityCode ?? (local ? (address?.cityCode ?? undefined) : undefined);
  const filters = filtersOf(wanted, country, cityCode, actingAccount(ctx).environment);
  const { numbers } = await searchNumbers({ ctx, input: { filters, limit: wanted.limit } });
  const [groups, prices] = await Promise.all([
    getGroups({ ctx, input: { ids: numbers.map((number) => number.groupId) } }),
    priceNumbers({ ctx, input: { numbers, currency: creditCurrency } }),
  ]);
  return numbers.flatMap((number) => {
    const [group, price] = [groups.get(number.groupId), prices.get(number.id)];
    return group && price ? [renderFound(number, group, country.callingCode, price)] : [];
  });
}
