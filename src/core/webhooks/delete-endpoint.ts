import { writingAccount } from '../authority/index.js';
import type { Context } from '../context.js';
import { idempotently } from '../idempotency/index.js';
import { endpointNotFound } from './endpoint.js';
import { recordEndpointChange } from './record.js';
import { lockEndpoint, markEndpointDeleted } from './store.js';

/**
 * Deletes an endpoint and forgets its secrets; what was still to be sent to it is not.
 *
 * Raises forbidden, account_blocked, not_found (endpoint), idempotency_*.
 */
export async function deleteEndpoint({
  ctx,
  input,
}: {
  ctx: Context;
  input: { readonly endpointId: number };
}): Promise<{ readonly endpointId: number }> {
  const account = writingAccount(ctx);
  return idempotently(ctx, async (inner) => {
    const row = await lockEndpoint(inner.sql, account.id, input.endpointId);
    if (!row) throw endpointNotFound(input.endpointId);
    await markEndpointDeleted(inner.sql, row.id, inner.clock.now());
    await recordEndpointChange(inner, account, row, 'endpoint.delete');
    return { result: { endpointId: row.id }, subject: { kind: 'endpoint', id: row.id } };
  });
}
