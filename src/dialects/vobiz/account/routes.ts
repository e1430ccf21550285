import type { VobizRoute } from '../errors.js';
import { accountPath } from '../paths.js';
import { vobizRoute } from '../route.js';
import { renderBalance, renderMe } from './render.js';
import { getMe, getOwnWallet } from './verbs.js';

/** Contract 8.1: who calls, and its own money; a sub-account is not shown its parent's. */
export const accountRoutes: readonly VobizRoute[] = [
  vobizRoute({ method: 'GET', path: '/auth/me', read: () => undefined, verb: getMe, render: renderMe }),
  vobizRoute({
    method: 'GET',
    path: `${accountPath}/balance/:currency`,
    read: ({ params }) => ({ currency: (params['currency'] ?? '').toUpperCase() }),
    verb: getOwnWallet,
    render: renderBalance,
  }),
];
