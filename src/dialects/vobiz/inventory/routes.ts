import type { VobizRoute } from '../errors.js';
import { accountPath } from '../paths.js';
import { vobizRoute } from '../route.js';
import { inventoryWanted } from './read.js';
import { renderInventory } from './render.js';
import { listInventory } from './verbs.js';

/** Contract 3.2: what nobody holds and anybody may buy, in the order of the numbers. */
export const inventoryRoutes: readonly VobizRoute[] = [
  vobizRoute({
    method: 'GET',
    path: `${accountPath}/inventory/numbers`,
    read: inventoryWanted,
    verb: listInventory,
    render: renderInventory,
  }),
];
