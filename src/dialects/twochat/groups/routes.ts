import { wireRoute } from '../../../http/route.js';
import type { WireRoute } from '../../../http/wire.js';
import { availableOf, groupFilters } from './read.js';
import { renderGroup, renderNumber } from './render.js';
import { listAvailable, searchOfferedGroups } from './verbs.js';

/** Contract 6 and 7: groups, and the numbers in them. */
export const groupRoutes: readonly WireRoute[] = [
  wireRoute({
    method: 'GET',
    path: '/numbers/groups',
    read: ({ query }) => groupFilters(query),
    verb: searchOfferedGroups,
    render: (groups) => ({ success: true, data: { groups: groups.map(renderGroup) } }),
  }),
  wireRoute({
    method: 'GET',
    path: '/numbers/available',
    read: availableOf,
    verb: listAvailable,
    render: (numbers) => ({ success: true, data: { numbers: numbers.map(renderNumber) } }),
  }),
];
