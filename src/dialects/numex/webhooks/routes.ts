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
import { route } from '../kit.js';
import { pageOfRows, pageSizeDefault, positionOf } from '../paging.js';
import { closed, pageOf, PageQuery } from '../schemas.js';
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
import { standardStyle } from './standard-style.js';

const tag = 'Webhooks';
const params = Type.Object({ endpoint: Type.String() });
const deliveryParams = Type.Object({ endpoint: Type.String(), delivery: Type.String() });

export const webhookRoutes = [
  route({
    method: 'POST',
    path: '/webhook-endpoints',
    tag,
    summary: 'Make an endpoint that hears of events from now on; of all of them unless filters are given',
    status: 201,
    body: NewEndpointBody,
    reply: NewEndpointShape,
    answer: async (ctx, { body }) => {
      const { url, filters = ['*'], include_sub_accounts: includeSubAccounts } = body;
      const input = { url, filters, includeSubAccounts, style: standardStyle.name };
      const { secret, ...endpoint } = await createEndpoint({ ctx, input });
      return { ...renderEndpoint(endpoint), secret };
    },
  }),
  route({
    method: 'GET',
    path: '/webhook-endpoints',
    tag,
    summary: 'The account’s endpoints, oldest first',
    query: Type.Object(PageQuery, closed),
    reply: pageOf(EndpointShape),
    answer: async (ctx, { query }) => {
      const limit = query.limit ?? pageSizeDefault;
      const afterId = positionOf(query.cursor, 'endpoints', 0);
      const endpoints = await listEndpoints({ ctx, input: { afterId, limit: limit + 1 } });
      const rows = endpoints.map((endpoint) => ({ ...endpoint, id: endpoint.endpointId }));
      const { page, nextCursor } = pageOfRows(rows, limit, 'endpoints');
      return { data: page.map(renderEndpoint), next_cursor: nextCursor };
    },
  }),
  route({
    method: 'GET',
    path: '/webhook-endpoints/:endpoint',
    tag,
    summary: 'One endpoint',
    params,
    reply: EndpointShape,
    answer: async (ctx, asked) => renderEndpoint(await getEndpoint({ ctx, input: endpointOf(asked.params) })),
  }),
  route({
    method: 'PATCH',
    path: '/webhook-endpoints/:endpoint',
    tag,
    summary: 'Change an endpoint, disable it, or make it active again',
    params,
    body: EndpointChanges,
    reply: EndpointShape,
    answer: async (ctx, { params: asked, body }) => {
      const { include_sub_accounts: includeSubAccounts, ...changes } = body;
      const input = { ...endpointOf(asked), ...changes, includeSubAccounts };
      return renderEndpoint(await updateEndpoint({ ctx, input }));
    },
  }),
  route({
    method: 'DELETE',
    path: '/webhook-endpoints/:endpoint',
    tag,
    summary: 'Delete an endpoint; what was still to be sent to it is not',
    params,
    reply: Type.Object({ id: Type.String(), deleted: Type.Boolean() }),
    answer: async (ctx, asked) => {
      await deleteEndpoint({ ctx, input: endpointOf(asked.params) });
      return { id: asked.params.endpoint, deleted: true };
    },
  }),
  route({
    method: 'POST',
    path: '/webhook-endpoints/:endpoint/rotate-secret',
    tag,
    summary: 'Give an endpoint a new secret; the old one signs beside it for a while',
    params,
    body: RotationBody,
    reply: RotationShape,
    answer: async (ctx, { params: asked, body }) => {
      const input = { ...endpointOf(asked), overlapSeconds: body.overlap_seconds };
      const { secret, oldSecretExpiresAt } = await rotateSecret({ ctx, input });
      return { id: asked.endpoint, secret, old_secret_expires_at: oldSecretExpiresAt };
    },
  }),
  route({
    method: 'POST',
    path: '/webhook-endpoints/:endpoint/test',
    tag,
    summary: 'Send the endpoint an event of type webhook.test, whatever its filters are',
    status: 202,
    params,
    reply: DeliveryShape,
    answer: async (ctx, asked) =>
      renderDelivery(await sendTestEvent({ ctx, input: endpointOf(asked.params) })),
  }),
  route({
    method: 'GET',
    path: '/webhook-endpoints/:endpoint/deliveries',
    tag,
    summary: 'What was, is and could not be delivered, newest first; state=dead lists what was given up',
    params,
    query: Type.Object({ state: Type.Optional(DeliveryStateName), ...PageQuery }, closed),
    reply: pageOf(DeliveryShape),
    answer: async (ctx, { params: asked, query }) => {
      const { state, limit = pageSizeDefault } = query;
      const filters = ['deliveries', asked.endpoint, state];
      const beforeId = positionOf(query.cursor, filters, Number.MAX_SAFE_INTEGER);
      const input = { ...endpointOf(asked), state, beforeId, limit: limit + 1 };
      const rows = (await listDeliveries({ ctx, input })).map((row) => ({ ...row, id: row.deliveryId }));
      const { page, nextCursor } = pageOfRows(rows, limit, filters);
      return { data: page.map(renderDelivery), next_cursor: nextCursor };
    },
  }),
  route({
    method: 'POST',
    path: '/webhook-endpoints/:endpoint/deliveries/:delivery/replay',
    tag,
    summary: 'Send a delivery once more, under the same id',
    status: 202,
    params: deliveryParams,
    reply: DeliveryShape,
    answer: async (ctx, { params: asked }) => {
      const deliveryId = readId('delivery', asked.delivery);
      return renderDelivery(await replayDelivery({ ctx, input: { ...endpointOf(asked), deliveryId } }));
    },
  }),
  route({
    method: 'POST',
    path: '/webhook-endpoints/:endpoint/replay-dead',
    tag,
    summary: `Send dead deliveries once more, the oldest ${replayBatchMax} of them; repeat until replayed is 0`,
    status: 202,
    params,
    reply: Type.Object({ id: Type.String(), replayed: Type.Integer() }),
    answer: async (ctx, asked) => {
      const { endpointId, replayed } = await replayDead({ ctx, input: endpointOf(asked.params) });
      return { id: spellId('endpoint', endpointId), replayed };
    },
  }),
];

function endpointOf({ endpoint }: { readonly endpoint: string }): { endpointId: number } {
  return { endpointId: readId('endpoint', endpoint) };
}
