import { requireOperator } from '../../authority/index.js';
import type { Context } from '../../context.js';
import { namedPriceList } from './price-list.js';
import type { PriceList } from './price-list.js';
import { listPriceListRows } from './store.js';

/** Price lists, oldest first. Raises forbidden. */
export async function listPriceLists({
  ctx,
  input: { afterId, limit },
}: {
  ctx: Context;
  input: { readonly afterId: number; readonly limit: number };
}): Promise<PriceList[]> {
  requireOperator(ctx);
  return listPriceListRows(ctx.sql, afterId, limit);
}

/** A price list by its name or id. Raises forbidden, not_found (price_list). */
export async function getPriceList({
  ctx,
  input: { list },
}: {
  ctx: Context;
  input: { readonly list: string };
}): Promise<PriceList> {
  requireOperator(ctx);
  return namedPriceList(ctx, list);
}
