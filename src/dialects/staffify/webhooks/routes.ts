import type { RootContext } from '../../../core/context.js';
import { domainError } from '../../../core/errors.js';
import {
  createEndpoint,
  deleteEndpoint,
  endpointsPerAccountMax,
  getEndpoint,
  listEndpoints,
  updateEndpoint,
} from '../../../core/webhooks/index.js';
import type { Endpoint } from '../../../core/webhooks/index.js';
import { WireReply } from '../../../http/wire.js';
import type { WireRoute } from '../../../http/wire.js';
import { idNamed } from '../ids.js';
import { invalid, objectBody } from '../../../http/body.js';
import { requiredText } from '../parse.js';
import type { Body } from '../../../http/body.js';
import { addressEvents, styleName } from './style.js';

const path = '/webhooks/:webhookId';

/** Contract 5.6: where events of addresses are sent, for the organisation or for its one project. */
export const webhookRoutes: readonly WireRoute[] = [
  {
    method: 'POST',
    path: '/webhooks',
    status: 201,
    answer: async (ctx, asked) => {
      const body = objectBody(asked.body);
      return render(await create(ctx, requiredText(body, 'url'), eventsOf(body) ?? ['*']));
    },
  },
  {
    method: 'GET',
    path: '/webhooks',
    answer: async (ctx) => ({ webhooks: (await ownEndpoints(ctx)).map(render) }),
  },
  {
    method: 'GET',
    path,
    answer: async (ctx, { params }) => render(await ownEndpoint(ctx, params)),
  },
  {
    method: 'DELETE',
    path,
    answer: async (ctx, { params }) => {
      await deleteEndpoint({ ctx, input: { endpointId: (await ownEndpoint(ctx, params)).endpointId } });
      return new WireReply(undefined, { status: 204 });
    },
  },
  {
    method: 'PATCH',
    path: '/project/webhook',
    answer: async (ctx, asked) => {
      const body = objectBody(asked.body);
      const [first] = await ownEndpoints(ctx);
      const events = eventsOf(body);
      if (!first) return render(await create(ctx, requiredText(body, 'url'), events ?? ['*']));
      const changes = {
        ...(body['url'] === undefined ? {} : { url: requiredText(body, 'url') }),
        ...(events === undefined ? {} : { filters: filtersOf(events) }),
      };
      return render(await updateEndpoint({ ctx, input: { endpointId: first.endpointId, ...changes } }));
    },
  },
];

function create(ctx: RootContext, url: string, events: readonly string[]) {
  return createEndpoint({ ctx, input: { url, filters: filtersOf(events), style: styleName } });
}

/** The account's endpoints that speak this wire, oldest first; those of the own API are not shown here. */
async function ownEndpoints(ctx: RootContext): Promise<Endpoint[]> {
  const all = await listEndpoints({ ctx, input: { afterId: 0, limit: endpointsPerAccountMax } });
  return all.filter((endpoint) => endpoint.style === styleName);
}

/** Raises not_found (endpoint). */
async function ownEndpoint(ctx: RootContext, params: Readonly<Record<string, string>>): Promise<Endpoint> {
  const text = params['webhookId'] ?? '';
  const endpoint = await getEndpoint({ ctx, input: { endpointId: idNamed('endpoint', text) } });
  if (endpoint.style !== styleName) throw domainError('not_found', { kind: 'endpoint', id: text });
  return endpoint;
}

/** Names of events, or `*` for all that this wire has. Raises invalid_input. */
function eventsOf(body: Body): string[] | undefined {
  const { events } = body;
  if (events === undefined) return undefined;
  const known = new Set<unknown>(['*', ...addressEvents]);
  if (!Array.isArray(events) || events.length === 0 || !events.every((event) => known.has(event))) {
    throw invalid('events', `must be an array of ${['*', ...addressEvents].join(', ')}`);
  }
  return events as string[];
}

/** `*` is every event of this wire, and no other. */
function filtersOf(events: readonly string[]): readonly string[] {
  return events.includes('*') ? addressEvents : events;
}

function render(endpoint: Endpoint & { readonly secret?: string | null }) {
  return {
    id: endpoint.endpointId,
    url: endpoint.url,
    events: endpoint.filters.length === addressEvents.length ? ['*'] : endpoint.filters,
    ...(endpoint.secret === undefined ? {} : { secret: endpoint.secret }),
    created_at: endpoint.createdAt,
  };
}
