import { writingAccount } from '../authority/index.js';
import type { Context } from '../context.js';
import { idempotently } from '../idempotency/index.js';
import { cleanFilters, cleanUrl } from './endpoint-input.js';
import { endpointNotFound, endpointOf } from './endpoint.js';
import type { Endpoint } from './endpoint.js';
import { recordEndpointChange } from './record.js';
import { lockEndpoint, updateEndpointRow } from './store.js';

/**
 * Changes what is given and leaves the rest. Nothing is kept for an endpoint while it is disabled: it hears again of
 * what happens after it has been made active.
 * Raises forbidden, account_blocked, invalid_input, not_found (endpoint), idempotency_*.
 */
export async function updateEndpoint({
  ctx,
  input,
}: {
  ctx: Context;
  input: {
    readonly endpointId: number;
    readonly url?: string | undefined;
    readonly filters?: readonly string[] | undefined;
    readonly includeSubAccounts?: boolean | undefined;
    readonly status?: 'active' | 'disabled' | undefined;
  };
}): Promise<Endpoint> {
  const account = writingAccount(ctx);
  const url = input.url === undefined ? undefined : cleanUrl(input.url, ctx.allowPrivateTargets ?? false);
  const filters = input.filters === undefined ? undefined : cleanFilters(input.filters);
  return idempotently(ctx, async (inner) => {
    const before = await lockEndpoint(inner.sql, account.id, input.endpointId);
    if (!before) throw endpointNotFound(input.endpointId);
    const status = input.status ?? before.status;
    const reason = status === 'active' ? null : (before.disabledReason ?? 'owner');
    const changed = {
      id: before.id,
      url: url ?? before.url,
      filters: filters ?? before.filters,
      includeSubAccounts: input.includeSubAccounts ?? before.includeSubAccounts,
      status,
      disabledReason: reason,
    };
    const row = await updateEndpointRow(inner.sql, changed, inner.clock.now());
    const { includeSubAccounts } = row;
    await recordEndpointChange(inner, account, row, 'endpoint.update', {
      filters: row.filters,
      includeSubAccounts,
      status,
    });
    return { result: endpointOf(row), subject: { kind: 'endpoint', id: row.id } };
  });
}
