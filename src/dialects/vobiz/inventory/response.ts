import { catalogueLoadedAt, getGroups } from '../../../core/catalogue/index.js';
import type { RootContext } from '../../../core/context.js';
import { lastReleases } from '../../../core/rentals/index.js';
import { offerNumbers } from '../../../core/stock/index.js';
import type { FoundNumber } from '../../../core/stock/index.js';
import { renderWhat } from '../numbers/response.js';

/** A number that is not sold to this account has no price to show. */
const noPrice = { currency: 'USD', setupMinor: 0, recurringMinor: 0 } as const;

/** Numbers in stock. When a number came into stock is not kept: its last release stands for it, or the catalogue. */
export async function renderInventory(ctx: RootContext, numbers: readonly FoundNumber[]) {
  const [offers, groups, releases, loadedAt] = await Promise.all([
    offerNumbers({ ctx, input: { numbers } }),
    getGroups({ ctx, input: { ids: numbers.map((number) => number.groupId) } }),
    lastReleases({ ctx, input: { numberIds: numbers.map((number) => number.id) } }),
    catalogueLoadedAt({ ctx }),
  ]);
  return numbers.map((number) => {
    const releasedAt = releases.get(number.id);
    const since = (releasedAt ?? loadedAt).toISOString();
    return {
      ...renderWhat({
        numberId: number.id,
        country: number.country,
        region: groups.get(number.groupId)?.location ?? '',
        features: number.features,
        price: offers.get(number.id) ?? noPrice,
      }),
      account_id: '',
      status: 'active',
      is_blocked: false,
      tags: [],
      ...(releasedAt ? { released_at: since } : {}),
      created_at: since,
      updated_at: since,
    };
  });
}
