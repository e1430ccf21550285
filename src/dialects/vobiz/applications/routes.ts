import {
  createApplication,
  deleteApplication,
  getApplication,
  updateApplication,
} from '../../../core/routing/index.js';
import type { VobizRoute } from '../errors.js';
import { accountPath } from '../paths.js';
import { nothing, vobizRoute } from '../route.js';
import { applicationChangesOf, applicationNamed, applicationPageOf, newApplicationOf } from './read.js';
import { renderApplication, renderApplications, renderChanged, renderCreated } from './render.js';
import { listApplicationPage } from './verbs.js';

const path = `${accountPath}/Application`;
const onePath = `${path}/:application`;

/** Contract 6.3: applications, as far as numbers need them. */
export const applicationRoutes: readonly VobizRoute[] = [
  vobizRoute({
    method: 'POST',
    path,
    status: 201,
    read: newApplicationOf,
    verb: createApplication,
    render: renderCreated,
  }),
  vobizRoute({
    method: 'GET',
    path,
    read: applicationPageOf,
    verb: listApplicationPage,
    render: renderApplications,
  }),
  vobizRoute({
    method: 'GET',
    path: onePath,
    read: applicationNamed,
    verb: getApplication,
    render: renderApplication,
  }),
  vobizRoute({
    method: 'POST',
    path: onePath,
    read: applicationChangesOf,
    verb: updateApplication,
    render: renderChanged,
  }),
  vobizRoute({
    method: 'DELETE',
    path: onePath,
    read: applicationNamed,
    verb: deleteApplication,
    render: nothing,
  }),
];
