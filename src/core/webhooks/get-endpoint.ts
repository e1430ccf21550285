import { actingAccount } from '../authority/index.js';
import type { Context } from '../context.js';
import { endpointNotFound, endpointOf } from './endpoint.js';
import type { Endpoint } from './endpoint.js';
import { findEndpoint, listEndpointRows } from './store.js';

/** One of the account's endpoints. Raises not_found (endpoint), also for another account's and for a deleted one. */
export async function getEndpoint({
  ctx,
  input,
}: {
  ctx: Context;
  input: { readonly endpointId: number };
}): Promise<Endpoint> {
  const row = await findEndpoint(ctx.sql, actingAccount(ctx).id, input.endpointId);
  if (!row) throw endpointNotFound(input.endpointId);
  return endpointOf(row);
}

/** A page of the account's endpoints, oldest first. */
export async function listEndpoints({
  ctx,
  input,
}: {
  ctx: Context;
  input: { readonly afterId: number; readonly limit: number };
}): Promise<Endpoint[]> {
  const rows = await listEndpointRows(ctx.sql, actingAccount(ctx).id, input.afterId, input.limit);
  return rows.map(endpointOf);
}
