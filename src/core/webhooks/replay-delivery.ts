import { writingAccount } from '../authority/index.js';
import { serverTime } from '../context.js';
import type { Context } from '../context.js';
import { domainError } from '../errors.js';
import { idempotently } from '../idempotency/index.js';
import { deliveryNotFound, deliveryOf } from './delivery.js';
import type { Delivery } from './delivery.js';
import { lockDelivery, restartDead, restartDelivery } from './delivery-store.js';
import { endpointNotFound, requireActive } from './endpoint.js';
import { recordEndpointChange } from './record.js';
import { lockEndpoint } from './store.js';
import type { EndpointRow } from './store.js';

/** Dead deliveries that one call brings back. */
export const replayBatchMax = 1000;

async function lockToReplay(ctx: Context, accountId: number, endpointId: number): Promise<EndpointRow> {
  const endpoint = await lockEndpoint(ctx.sql, accountId, endpointId);
  if (!endpoint) throw endpointNotFound(endpointId);
  requireActive(endpoint);
  return endpoint;
}

/**
 * Sends a delivery that is dead, or that arrived, once more, under the same id and with all its attempts before it.
 * Raises forbidden, account_blocked, not_found (endpoint, delivery), wrong_state for a disabled endpoint and for a
 * delivery that is still pending, idempotency_*.
 */
export async function replayDelivery({
  ctx,
  input,
}: {
  ctx: Context;
  input: { readonly endpointId: number; readonly deliveryId: number };
}): Promise<Delivery> {
  const account = writingAccount(ctx);
  return idempotently(ctx, async (inner) => {
    const endpoint = await lockToReplay(inner, account.id, input.endpointId);
    const before = await lockDelivery(inner.sql, endpoint.id, input.deliveryId);
    if (!before) throw deliveryNotFound(input.deliveryId);
    if (before.state === 'pending') {
      const allowed = ['dead', 'delivered'];
      throw domainError('wrong_state', {
        kind: 'delivery',
        id: before.id,
        state: before.state,
        allowed,
      });
    }
    const row = await restartDelivery(inner.sql, before.id, serverTime(inner));
    await recordEndpointChange(inner, account, endpoint, 'endpoint.replay', { delivery: row.id });
    return { result: deliveryOf(row), subject: { kind: 'delivery', id: row.id } };
  });
}

/**
 * Sends an endpoint's dead deliveries once more, the oldest 1,000 of them; 0 when none is left.
 *
 * Raises forbidden, account_blocked, not_found (endpoint), wrong_state for a disabled endpoint, idempotency_*.
 */
export async function replayDead({
  ctx,
  input,
}: {
  ctx: Context;
  input: { readonly endpointId: number };
}): Promise<{ readonly endpointId: number; readonly replayed: number }> {
  const account = writingAccount(ctx);
  return idempotently(ctx, async (inner) => {
    const endpoint = await lockToReplay(inner, account.id, input.endpointId);
    const replayed = await restartDead(inner.sql, endpoint.id, serverTime(inner), replayBatchMax);
    await recordEndpointChange(inner, account, endpoint, 'endpoint.replay', { replayed });
    return { result: { endpointId: endpoint.id, replayed }, subject: { kind: 'endpoint', id: endpoint.id } };
  });
}
