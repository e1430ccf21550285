import { wireRoute } from '../../../http/route.js';
import type { WireRoute } from '../../../http/wire.js';
import { searchOf } from './read.js';
import { renderPage } from './render.js';
import { searchPage } from './verbs.js';

/** Contract 2: the search. */
export const availableNumberRoutes: readonly WireRoute[] = [
  wireRoute({
    method: 'GET',
    path: '/list-available-numbers',
    read: searchOf,
    verb: searchPage,
    render: renderPage,
  }),
];
