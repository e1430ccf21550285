import { wireRoute } from '../../../http/route.js';
import type { WireRoute } from '../../../http/wire.js';
import { renderCredit } from './render.js';
import { getCredit } from './verbs.js';

/** Contract 6.1. */
export const creditRoutes: readonly WireRoute[] = [
  wireRoute({
    method: 'GET',
    path: '/credits',
    read: () => undefined,
    verb: getCredit,
    render: renderCredit,
  }),
];
