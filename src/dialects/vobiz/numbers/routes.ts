import type { VobizRoute } from '../errors.js';
import { accountPath, numberPath } from '../paths.js';
import { vobizRoute } from '../route.js';
import { heldWanted, numberNamed } from './read.js';
import { renderHeld, renderHeldPage } from './render.js';
import { getHeld, listHeld } from './verbs.js';

/** Contract 3.1: the numbers that an account holds. */
export const numberRoutes: readonly VobizRoute[] = [
  vobizRoute({
    method: 'GET',
    path: `${accountPath}/numbers`,
    read: heldWanted,
    verb: listHeld,
    render: renderHeldPage,
  }),
  vobizRoute({ method: 'GET', path: numberPath, read: numberNamed, verb: getHeld, render: renderHeld }),
];
