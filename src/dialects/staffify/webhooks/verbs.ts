import type { Context } from '../../../core/context.js';
import { domainError } from '../../../core/errors.js';
import { asOneWrite } from '../../../core/idempotency/index.js';
import {
  createEndpoint,
  deleteEndpoint,
  endpointsPerAccountMax,
  getEndpoint,
  listEndpoints,
  updateEndpoint,
} from '../../../core/webhooks/index.js';
import type { CreatedEndpoint, Endpoint } from '../../../core/webhooks/index.js';
import { addressEvents, styleName } from './style.js';

interface Fields {
  readonly url: string;
  readonly filters: readonly string[];
}

/** Raises what createEndpoint raises. */
export function createOwnEndpoint({ ctx, input }: { ctx: Context; input: Fields }): Promise<CreatedEndpoint> {
  return createEndpoint({ ctx, input: { ...input, style: styleName } });
}

/** The account's endpoints that speak this wire, oldest first; those of the own API are not shown here. */
export async function listOwnEndpoints({ ctx }: { ctx: Context }): Promise<Endpoint[]> {
  const all = await listEndpoints({ ctx, input: { afterId: 0, limit: endpointsPerAccountMax } });
  return all.filter((endpoint) => endpoint.style === styleName);
}

/** Raises not_found (endpoint), also for one of the own API. */
export async function getOwnEndpoint({
  ctx,
  input,
}: {
  ctx: Context;
  input: { readonly endpointId: number };
}): Promise<Endpoint> {
  const endpoint = await getEndpoint({ ctx, input });
  if (endpoint.style === styleName) return endpoint;
  throw domainError('not_found', { kind: 'endpoint', id: String(input.endpointId) });
}

/** Raises not_found (endpoint), and what deleteEndpoint raises. */
export async function deleteOwnEndpoint({
  ctx,
  input,
}: {
  ctx: Context;
  input: { readonly endpointId: number };
}): Promise<{ readonly endpointId: number }> {
  return asOneWrite(ctx, async (inner) => {
    await getOwnEndpoint({ ctx: inner, input });
    await deleteEndpoint({ ctx: inner, input });
    return input;
  });
}

/** The one endpoint of the project: changed, or made when there is none. Raises missing_input (url), and what these do. */
export async function setProjectEndpoint({
  ctx,
  input: { url, filters },
}: {
  ctx: Context;
  input: { readonly [K in keyof Fields]: Fields[K] | undefined };
}) {
  const set = async (inner: Context): Promise<Endpoint & { readonly secret?: string | null }> => {
    const [first] = await listOwnEndpoints({ ctx: inner });
    if (first) {
      return updateEndpoint({ ctx: inner, input: { endpointId: first.endpointId, url, filters } });
    }
    if (url === undefined) throw domainError('missing_input', { field: 'url' });
    return createOwnEndpoint({ ctx: inner, input: { url, filters: filters ?? addressEvents } });
  };
  return asOneWrite(ctx, set, { lock: 'alone' });
}
