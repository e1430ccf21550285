import { actingAccount } from '../authority/index.js';
import type { Context } from '../context.js';
import { listEventRows } from './event-store.js';
import type { WebhookEvent } from './style.js';

/**
 * A page of the account's events, the newest first; of one type when given. To look things up: an event appears when
 * its change commits, perhaps below one that was seen before, so following them is what endpoints are for.
 */
export async function listEvents({
  ctx,
  input,
}: {
  ctx: Context;
  input: { readonly type?: string | undefined; readonly beforeId: number; readonly limit: number };
}): Promise<WebhookEvent[]> {
  const account = actingAccount(ctx);
  return listEventRows(ctx.sql, account, input);
}
