import { renderWhat } from '../numbers/render.js';
import type { InventoryPage, StockedNumber } from './verbs.js';

/** A number that is not sold to this account has no price to show. */
const noPrice = { currency: 'USD', setupMinor: 0, recurringMinor: 0 } as const;

/** A number in stock. When it came into stock is not kept: its last release stands for it, or the catalogue. */
function renderStocked({ number, location, price, releasedAt, loadedAt }: StockedNumber) {
  const { id: numberId, country, features } = number;
  const since = (releasedAt ?? loadedAt).toISOString();
  return {
    ...renderWhat({ numberId, country, region: location, features, price: price ?? noPrice }),
    account_id: '',
    status: 'active',
    is_blocked: false,
    tags: [],
    ...(releasedAt ? { released_at: since } : {}),
    created_at: since,
    updated_at: since,
  };
}

export function renderInventory({ numbers, page, perPage, total }: InventoryPage) {
  return { items: numbers.map(renderStocked), page, per_page: perPage, total };
}
