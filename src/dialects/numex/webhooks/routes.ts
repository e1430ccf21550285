import { Type } from 'typebox';
import {
  createEndpoint,
  deleteEndpoint,
  getEndpoint,
  listDeliveries,
  listEndpoints,
  replayBatchMax,
  replayDead,
  replayDelivery,
  rotateSecret,
  sendTestEvent,
  updateEndpoint,
} from '../../../core/webhooks/index.js';
import { readId, spellId } from '../ids.js';
import { ownRoute } from '../kit.js';
import { positionOf, renderPage, rowsFor } from '../paging.js';
import { closed, Deleted, pageOf, PageQuery } from '../schemas.js';
import {
  DeliveryShape,
  DeliveryStateName,
  EndpointChanges,
  EndpointShape,
  NewEndpointBody,
  NewEndpointShape,
  renderDelivery,
  renderEndpoint,
  RotationBody,
  RotationShape,
} from './shapes.js';
import { knownFilters } from './event-catalogue.js';
import { standardStyle } from './standard-style.js';

const tag = 'Webhooks';
const params = Type.Object({ endpoint: Type.String() });
const deliveryParams = Type.Object({ endpoint: Type.String(), delivery: Type.String() });

export const webhookRoutes = [
  ownRoute({
    method: 'POST',
    path: '/webhook-endpoints',
    tag,
    summary: 'Make an endpoint that hears of events from now on; of all of them unless filters are given',
    status: 201,
    body: NewEndpointBody,
    reply: NewEndpointShape,
    read: ({ body: { url, filters = ['*'], include_sub_accounts: includeSubAccounts } }) => ({
      url,
      filters: knownFilters(filters),
      includeSubAccounts,
      style: standardStyle.name,
    }),
    verb: createEndpoint,
    render: ({ secret, ...endpoint }) => ({ ...renderEndpoint(endpoint), secret }),
  }),
  ownRoute({
    method: 'GET',
    path: '/webhook-endpoints',
    tag,
    summary: 'The account’s endpoints, oldest first',
    query: Type.Object(PageQuery, closed),
    reply: pageOf(EndpointShape),
    read: ({ query }) => ({ afterId: positionOf(query.cursor, 'endpoints', 0), limit: rowsFor(query) }),
    verb: listEndpoints,
    render: (endpoints, { query }) => {
      const rows = endpoints.map((endpoint) => ({ ...endpoint, id: endpoint.endpointId }));
      return renderPage(rows, query, 'endpoints', renderEndpoint);
    },
  }),
  ownRoute({
    method: 'GET',
    path: '/webhook-endpoints/:endpoint',
    tag,
    summary: 'One endpoint',
    params,
    reply: EndpointShape,
    read: endpointNamed,
    verb: getEndpoint,
    render: renderEndpoint,
  }),
  ownRoute({
    method: 'PATCH',
    path: '/webhook-endpoints/:endpoint',
    tag,
    summary: 'Change an endpoint, disable it, or make it active again',
    params,
    body: EndpointChanges,
    reply: EndpointShape,
    read: (asked) => {
      const { include_sub_accounts: includeSubAccounts, ...changes } = asked.body;
      return {
        ...endpointNamed(asked),
        ...changes,
        filters: knownFilters(changes.filters),
        includeSubAccounts,
      };
    },
    verb: updateEndpoint,
    render: renderEndpoint,
  }),
  ownRoute({
    method: 'DELETE',
    path: '/webhook-endpoints/:endpoint',
    tag,
    summary: 'Delete an endpoint; what was still to be sent to it is not',
    params,
    reply: Deleted,
    read: endpointNamed,
    verb: deleteEndpoint,
    render: (_deleted, asked) => ({ id: asked.params.endpoint, deleted: true }),
  }),
  ownRoute({
    method: 'POST',
    path: '/webhook-endpoints/:endpoint/rotate-secret',
    operationId: 'rotateWebhookSecret',
    tag,
    summary: 'Give an endpoint a new secret; the old one signs beside it for a while',
    params,
    body: RotationBody,
    reply: RotationShape,
    read: (asked) => ({ ...endpointNamed(asked), overlapSeconds: asked.body.overlap_seconds }),
    verb: rotateSecret,
    render: ({ secret, oldSecretExpiresAt }, asked) => ({
      id: asked.params.endpoint,
      secret,
      old_secret_expires_at: oldSecretExpiresAt,
    }),
  }),
  ownRoute({
    method: 'POST',
    path: '/webhook-endpoints/:endpoint/test',
    tag,
    summary: 'Send the endpoint an event of type webhook.test, whatever its filters are',
    status: 202,
    params,
    reply: DeliveryShape,
    read: endpointNamed,
    verb: sendTestEvent,
    render: renderDelivery,
  }),
  ownRoute({
    method: 'GET',
    path: '/webhook-endpoints/:endpoint/deliveries',
    operationId: 'listDeliveries',
    tag,
    summary: 'What was, is and could not be delivered, newest first; state=dead lists what was given up',
    params,
    query: Type.Object({ state: Type.Optional(DeliveryStateName), ...PageQuery }, closed),
    reply: pageOf(DeliveryShape),
    read: (asked) => ({
      ...endpointNamed(asked),
      state: asked.query.state,
      beforeId: positionOf(asked.query.cursor, deliveryFilters(asked), Number.MAX_SAFE_INTEGER),
      limit: rowsFor(asked.query),
    }),
    verb: listDeliveries,
    render: (deliveries, asked) => {
      const rows = deliveries.map((delivery) => ({ ...delivery, id: delivery.deliveryId }));
      return renderPage(rows, asked.query, deliveryFilters(asked), renderDelivery);
    },
  }),
  ownRoute({
    method: 'POST',
    path: '/webhook-endpoints/:endpoint/deliveries/:delivery/replay',
    operationId: 'replayDelivery',
    tag,
    summary: 'Send a delivery once more, under the same id',
    status: 202,
    params: deliveryParams,
    reply: DeliveryShape,
    read: (asked) => ({
      ...endpointNamed(asked),
      deliveryId: readId('delivery', asked.params.delivery),
    }),
    verb: replayDelivery,
    render: renderDelivery,
  }),
  ownRoute({
    method: 'POST',
    path: '/webhook-endpoints/:endpoint/replay-dead',
    operationId: 'replayDeadDeliveries',
    tag,
    summary: `Send dead deliveries once more, the oldest ${replayBatchMax} of them; repeat until replayed is 0`,
    status: 202,
    params,
    reply: Type.Object({ id: Type.String(), replayed: Type.Integer() }),
    read: endpointNamed,
    verb: replayDead,
    render: ({ endpointId, replayed }) => ({ id: spellId('endpoint', endpointId), replayed }),
  }),
];

interface EndpointAsked {
  readonly params: { readonly endpoint: string };
}

function endpointNamed({ params: { endpoint } }: EndpointAsked) {
  return { endpointId: readId('endpoint', endpoint) };
}

/** What a cursor of the list holds for. */
function deliveryFilters({
  params: { endpoint },
  query: { state },
}: EndpointAsked & { readonly query: { readonly state?: string } }) {
  return ['deliveries', endpoint, state];
}
