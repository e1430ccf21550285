import { wireRoute } from '../../../http/route.js';
import type { WireRoute } from '../../../http/wire.js';
import { connectionOf } from './read.js';
import { renderConnected } from './render.js';
import { connectNumber } from './verbs.js';

/** Contract 9: connects a number (not its id) to an agent. */
export const routingRoutes: readonly WireRoute[] = [
  wireRoute({
    method: 'POST',
    path: '/phone-number-routing',
    read: connectionOf,
    verb: connectNumber,
    render: renderConnected,
  }),
];
