import { acquireNumber, releaseByNumber } from '../../../core/rentals/index.js';
import { wireRoute } from '../../../http/route.js';
import type { WireRoute } from '../../../http/wire.js';
import { listOf, purchaseOf, releaseOf } from './read.js';
import { renderOwned, renderPurchased, renderReleased } from './render.js';
import { listOwned } from './verbs.js';

/** Contract 3, 4 and 5: buying a number, the numbers owned, and giving one up. */
export const purchasedNumberRoutes: readonly WireRoute[] = [
  wireRoute({
    method: 'POST',
    path: '/buy-phone-number',
    read: purchaseOf,
    verb: acquireNumber,
    render: renderPurchased,
  }),
  wireRoute({
    method: 'GET',
    path: '/purchased-phone-numbers',
    read: listOf,
    verb: listOwned,
    render: renderOwned,
  }),
  wireRoute({
    method: 'DELETE',
    path: '/release-phone-number/:id',
    read: releaseOf,
    verb: releaseByNumber,
    render: renderReleased,
  }),
];
