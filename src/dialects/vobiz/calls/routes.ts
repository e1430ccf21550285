import { getCall } from '../../../core/usage/index.js';
import { flat } from '../errors.js';
import type { VobizRoute } from '../errors.js';
import { accountPath, numberPath } from '../paths.js';
import { vobizRoute } from '../route.js';
import { callNamed, callPageOf, callScopeOf, healthWanted, recentCallsOf } from './read.js';
import { csvLine, renderCalls, renderExport, renderFound, renderHealth, renderOneCall } from './render.js';
import { exportCalls, getHealth, listCallPage } from './verbs.js';

const path = `${accountPath}/cdr`;

/** Contract 8.4 and 8.5: the calls of an account's numbers, and how they went. */
export const callRoutes: readonly VobizRoute[] = [
  vobizRoute({ method: 'GET', path, read: callPageOf, verb: listCallPage, render: renderCalls }),
  vobizRoute({
    method: 'GET',
    path: `${path}/search`,
    read: callPageOf,
    verb: listCallPage,
    render: renderFound,
  }),
  vobizRoute({
    method: 'GET',
    path: `${path}/recent`,
    read: recentCallsOf,
    verb: listCallPage,
    render: renderCalls,
  }),
  vobizRoute({
    method: 'GET',
    path: `${path}/export`,
    read: callScopeOf,
    verb: exportCalls(csvLine),
    render: renderExport,
  }),
  vobizRoute({
    method: 'GET',
    path: `${path}/:call`,
    errors: { said: { not_found: flat(404, 'not_found', 'call not found') } },
    read: callNamed,
    verb: getCall,
    render: renderOneCall,
  }),
  vobizRoute({
    method: 'GET',
    path: `${numberPath}/health`,
    read: healthWanted,
    verb: getHealth,
    render: renderHealth,
  }),
];
