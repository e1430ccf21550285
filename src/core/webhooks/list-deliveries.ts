import { actingAccount } from '../authority/index.js';
import type { Context } from '../context.js';
import { deliveryOf } from './delivery.js';
import type { Delivery } from './delivery.js';
import { listDeliveryRows } from './delivery-store.js';
import type { DeliveryState } from './delivery-store.js';
import { endpointNotFound } from './endpoint.js';
import { findEndpoint } from './store.js';

/** A page of an endpoint's deliveries, the newest first; those in state `dead` wait for a replay. Raises not_found. */
export async function listDeliveries({
  ctx,
  input,
}: {
  ctx: Context;
  input: {
    readonly endpointId: number;
    readonly state?: DeliveryState | undefined;
    readonly beforeId: number;
    readonly limit: number;
  };
}): Promise<Delivery[]> {
  const { endpointId, state, beforeId, limit } = input;
  if (!(await findEndpoint(ctx.sql, actingAccount(ctx).id, endpointId))) throw endpointNotFound(endpointId);
  return (await listDeliveryRows(ctx.sql, { endpointId, state, beforeId, limit })).map(deliveryOf);
}
