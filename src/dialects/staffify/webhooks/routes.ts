import { wireRoute } from '../../../http/route.js';
import { WireReply } from '../../../http/wire.js';
import type { WireRoute } from '../../../http/wire.js';
import { whileInCredit } from '../credits/verbs.js';
import { endpointChangesOf, endpointNamed, newEndpointOf } from './read.js';
import { renderEndpoint } from './render.js';
import {
  createOwnEndpoint,
  deleteOwnEndpoint,
  getOwnEndpoint,
  listOwnEndpoints,
  setProjectEndpoint,
} from './verbs.js';

const path = '/webhooks/:webhookId';

/** Contract 5.6: where events of addresses are sent, for the organisation or for its one project. */
export const webhookRoutes: readonly WireRoute[] = [
  wireRoute({
    method: 'POST',
    path: '/webhooks',
    status: 201,
    read: newEndpointOf,
    verb: whileInCredit(createOwnEndpoint),
    render: renderEndpoint,
  }),
  wireRoute({
    method: 'GET',
    path: '/webhooks',
    read: () => undefined,
    verb: listOwnEndpoints,
    render: (endpoints) => ({ webhooks: endpoints.map(renderEndpoint) }),
  }),
  wireRoute({ method: 'GET', path, read: endpointNamed, verb: getOwnEndpoint, render: renderEndpoint }),
  wireRoute({
    method: 'DELETE',
    path,
    read: endpointNamed,
    verb: whileInCredit(deleteOwnEndpoint),
    render: () => new WireReply(undefined, { status: 204 }),
  }),
  wireRoute({
    method: 'PATCH',
    path: '/project/webhook',
    read: endpointChangesOf,
    verb: whileInCredit(setProjectEndpoint),
    render: renderEndpoint,
  }),
];
