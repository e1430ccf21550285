import { writingAccount } from '../authority/index.js';
import type { Context } from '../context.js';
import { idempotently } from '../idempotency/index.js';
import { requireRoom } from '../limits/index.js';
import { checkStyle, cleanFilters, cleanUrl } from './endpoint-input.js';
import { endpointOf } from './endpoint.js';
import type { Endpoint } from './endpoint.js';
import { recordEndpointChange } from './record.js';
import { newWebhookSecret } from './secrets.js';
import { countEndpoints, insertEndpoint, insertSecret } from './store.js';

export interface CreatedEndpoint extends Endpoint {
  /** What deliveries are signed with, shown only here; null when this is a replay. */
  readonly secret: string | null;
}

/**
 * Makes an endpoint that hears of the account's events from now on; with `includeSubAccounts`, of its sub-accounts' too.
 *
 * Raises forbidden, account_blocked, invalid_input, limit_reached, idempotency_*.
 */
export async function createEndpoint({
  ctx,
  input,
}: {
  ctx: Context;
  input: {
    readonly url: string;
    readonly filters: readonly string[];
    readonly style: string;
    readonly includeSubAccounts?: boolean | undefined;
  };
}): Promise<CreatedEndpoint> {
  const account = writingAccount(ctx);
  const url = cleanUrl(input.url, ctx.allowPrivateTargets ?? false);
  const filters = cleanFilters(input.filters);
  const style = checkStyle(input.style);
  const create = async (inner: Context) => {
    await requireRoom(inner.sql, account, 'webhook_endpoints_per_account', countEndpoints);
    const at = inner.clock.now();
    const includeSubAccounts = input.includeSubAccounts ?? false;
    const row = await insertEndpoint(inner.sql, {
      accountId: account.id,
      url,
      filters,
      style,
      includeSubAccounts,
      at,
    });
    const secret = newWebhookSecret();
    await insertSecret(inner.sql, row.id, secret, at);
    await recordEndpointChange(inner, account, row, 'endpoint.create', {
      filters,
      style,
      includeSubAccounts,
    });
    const result = { ...endpointOf(row), secret };
    return { result, remembered: { ...result, secret: null }, subject: { kind: 'endpoint', id: row.id } };
  };
  return idempotently<CreatedEndpoint>(ctx, create, { lock: 'alone' });
}
