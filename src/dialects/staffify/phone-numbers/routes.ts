import { listServedCountries } from '../../../core/catalogue/index.js';
import { e164Of } from '../../../core/number-id.js';
import { reclaimNumber, releaseNumber } from '../../../core/rentals/index.js';
import { assignRental, unassignRental } from '../../../core/routing/index.js';
import { buyNumber } from '../../../core/sales/index.js';
import { wireRoute } from '../../../http/route.js';
import { WireReply } from '../../../http/wire.js';
import type { WireRoute } from '../../../http/wire.js';
import { whileInCredit } from '../credits/verbs.js';
import { pageOf } from '../paging.js';
import { assignmentOf, ownedNamed, purchaseOf, releaseOf, searchOf, tagsOf } from './read.js';
import { renderAssigned, renderCountries, renderOffer, renderOwned, renderOwnedPage } from './render.js';
import { describeOwned, getOwned, listOwned, searchOffers } from './verbs.js';

const path = '/phone-numbers/:numberId';

/**
 * Contract 2 to 4: finding, buying, and the numbers that are owned. What ends costs, or costs nothing by itself, a paused
 * account may do as well (contract 6.1).
 */
export const phoneNumberRoutes: readonly WireRoute[] = [
  wireRoute({
    method: 'GET',
    path: '/phone-numbers/search',
    read: ({ query }) => searchOf(query),
    verb: searchOffers,
    render: (offers) => ({ phone_numbers: offers.map(renderOffer) }),
  }),
  wireRoute({
    method: 'GET',
    path: '/phone-numbers/countries',
    read: () => undefined,
    verb: listServedCountries,
    render: renderCountries,
  }),
  wireRoute({
    method: 'POST',
    path: '/phone-numbers',
    read: purchaseOf,
    verb: buyNumber,
    render: ({ rentalId, numberId }) => ({
      success: true,
      id: rentalId,
      phone_number: e164Of(numberId),
    }),
  }),
  wireRoute({
    method: 'GET',
    path: '/phone-numbers',
    read: ({ query }) => pageOf(query),
    verb: listOwned,
    render: renderOwnedPage,
  }),
  wireRoute({ method: 'GET', path, read: ownedNamed, verb: getOwned, render: renderOwned }),
  wireRoute({
    method: 'PATCH',
    path,
    read: (asked) => ({ ...ownedNamed(asked), tags: tagsOf(asked.body) }),
    verb: whileInCredit(describeOwned),
    render: renderOwned,
  }),
  wireRoute({
    method: 'PUT',
    path: `${path}/assign`,
    read: assignmentOf,
    verb: whileInCredit(assignRental),
    render: renderAssigned,
  }),
  wireRoute({
    method: 'DELETE',
    path: `${path}/assign`,
    read: (asked) => ({ ...ownedNamed(asked), kind: 'agent' as const }),
    verb: unassignRental,
    render: () => new WireReply(undefined, { status: 204 }),
  }),
  wireRoute({
    method: 'DELETE',
    path,
    read: releaseOf,
    verb: releaseNumber,
    render: ({ rentalId, reclaimUntil }) => ({
      pending_release: true,
      id: rentalId,
      reclaim_before: reclaimUntil,
    }),
  }),
  wireRoute({
    method: 'POST',
    path: `${path}/reclaim`,
    read: (asked) => ({ ...ownedNamed(asked), assignments: 'restore' as const }),
    verb: reclaimNumber,
    render: ({ rentalId }) => ({ reclaimed: true, id: rentalId, status: 'active' }),
  }),
];
