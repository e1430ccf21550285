import { releaseNumber } from '../../../core/rentals/index.js';
import { wireRoute } from '../../../http/route.js';
import type { WireRoute } from '../../../http/wire.js';
import { pageOf, releaseOf } from './read.js';
import { renderVirtualNumbers } from './render.js';
import { listVirtualNumbers } from './verbs.js';

/** Contract 9.1 and 9.2: owned numbers, and giving one up at the end of what is paid. */
export const virtualNumberRoutes: readonly WireRoute[] = [
  wireRoute({
    method: 'GET',
    path: '/voip/virtual-numbers',
    read: pageOf,
    verb: listVirtualNumbers,
    render: renderVirtualNumbers,
  }),
  wireRoute({
    method: 'DELETE',
    path: '/voip/virtual-numbers/:uuid',
    read: releaseOf,
    verb: releaseNumber,
    render: () => ({ success: true }),
  }),
];
