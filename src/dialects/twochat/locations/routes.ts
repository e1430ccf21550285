import { listCities, listRegions } from '../../../core/catalogue/index.js';
import { wireRoute } from '../../../http/route.js';
import type { WireRoute } from '../../../http/wire.js';
import { citiesOf, countryOf, requirementsOf } from './read.js';
import { renderCities, renderRegions, renderRequirements, renderTypes } from './render.js';
import { listRequirementsOfStock } from './verbs.js';

/** Contract 2 to 5: where numbers are, of which types, and what they demand. */
export const locationRoutes: readonly WireRoute[] = [
  wireRoute({
    method: 'GET',
    path: '/numbers/regions',
    read: countryOf,
    verb: listRegions,
    render: renderRegions,
  }),
  wireRoute({
    method: 'GET',
    path: '/numbers/cities',
    read: citiesOf,
    verb: listCities,
    render: renderCities,
  }),
  wireRoute({
    method: 'GET',
    path: '/numbers/did-types',
    read: () => undefined,
    verb: () => Promise.resolve(),
    render: renderTypes,
  }),
  wireRoute({
    method: 'GET',
    path: '/numbers/requirements',
    read: requirementsOf,
    verb: listRequirementsOfStock,
    render: renderRequirements,
  }),
];
