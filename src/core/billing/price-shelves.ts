import type { Context } from '../context.js';
import { priceOf } from './price.js';
import type { Price, PricedShelf } from './price.js';
import { findPriceRules } from './store.js';

/**
 * The price of each shelf for one price list and currency, keyed by group; a group that is not sold in that currency
 * is absent.
 */
export async function priceShelves({
  ctx,
  input,
}: {
  ctx: Context;
  input: {
    readonly priceListId: number;
    readonly currency: string;
    readonly shelves: readonly Pick<PricedShelf, 'country' | 'type' | 'groupId'>[];
  };
}): Promise<Map<number, Price>> {
  const { priceListId, currency, shelves } = input;
  const rules = await findPriceRules(
    ctx.sql,
    [priceListId],
    shelves.map((shelf) => shelf.groupId),
  );
  const prices = new Map<number, Price>();
  for (const shelf of shelves) {
    const price = priceOf(rules, { ...shelf, priceListId, currency });
    if (price) prices.set(shelf.groupId, price);
  }
  return prices;
}
