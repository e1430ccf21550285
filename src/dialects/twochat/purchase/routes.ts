import { wireRoute } from '../../../http/route.js';
import type { WireRoute } from '../../../http/wire.js';
import { lineOf } from './read.js';
import { renderOrder } from './render.js';
import { buyOneOrHeld } from './verbs.js';

/** Contract 10: the union of both published forms of the purchase. */
export const purchaseRoutes: readonly WireRoute[] = [
  wireRoute({
    method: 'POST',
    path: '/numbers/purchase',
    status: 201,
    read: lineOf,
    verb: buyOneOrHeld,
    render: renderOrder,
  }),
];
