import { recordChange } from '../audit/index.js';
import { writingAccount } from '../authority/index.js';
import { serverTime } from '../context.js';
import type { Context } from '../context.js';
import { idempotently } from '../idempotency/index.js';
import { deliveryOf } from './delivery.js';
import type { Delivery } from './delivery.js';
import { insertTestDelivery } from './delivery-store.js';
import { endpointNotFound, requireActive } from './endpoint.js';
import { lockEndpoint } from './store.js';

/** Goes to the endpoint that it was made for, whatever its filters say, and to no other. */
export const testEventType = 'webhook.test';

/**
 * Sends an event to an endpoint for its owner to see arrive; it is on its way like any other, not awaited here.
 *
 * Raises forbidden, account_blocked, not_found (endpoint), wrong_state for a disabled endpoint, idempotency_*.
 */
export async function sendTestEvent({
  ctx,
  input,
}: {
  ctx: Context;
  input: { readonly endpointId: number };
}): Promise<Delivery> {
  const account = writingAccount(ctx);
  return idempotently(ctx, async (inner) => {
    const endpoint = await lockEndpoint(inner.sql, account.id, input.endpointId);
    if (!endpoint) throw endpointNotFound(input.endpointId);
    requireActive(endpoint);
    await recordChange(inner, {
      environment: account.environment,
      accountId: account.id,
      action: 'endpoint.test',
      subjectKind: 'endpoint',
      subjectId: endpoint.id,
      numberId: null,
      details: { message: 'This is a test' },
      event: testEventType,
    });
    const row = await insertTestDelivery(inner.sql, endpoint.id, testEventType, serverTime(inner));
    return { result: deliveryOf(row), subject: { kind: 'delivery', id: row.id } };
  });
}
