import { actingAccount } from '../authority/index.js';
import type { Context } from '../context.js';
import { domainError } from '../errors.js';
import { findOrder } from './order-store.js';
import type { OrderRow } from './order-store.js';

/** An order of the account's, with the result of each line. Raises not_found (order). */
export async function getOrder({
  ctx,
  input,
}: {
  ctx: Context;
  input: { readonly orderId: number };
}): Promise<OrderRow> {
  const account = actingAccount(ctx);
  const row = await findOrder(ctx.sql, account.id, input.orderId);
  if (!row) throw domainError('not_found', { kind: 'order', id: input.orderId });
  return row;
}
