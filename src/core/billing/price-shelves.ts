import type { Context } from '../context.js';
import type { Price, PriceAsked } from './price.js';
import type { PriceBook } from './price-book.js';
import { quote } from './quote.js';
import { findPriceBooks } from './store.js';

/** The account as far as prices depend on it. */
export interface Pricing {
  readonly priceListId: number;
  readonly priceDiscountBp: number;
}

/** Something with a price, under the id that the answer is keyed by. */
export interface Shelf extends Omit<PriceAsked, 'currency' | 'at'> {
  readonly id: number;
}

/** The book of one list with the rules that can apply to these shelves, and no others. */
export async function bookFor(
  ctx: Context,
  priceListId: number,
  shelves: readonly Shelf[],
): Promise<PriceBook> {
  const groupIds = [...new Set(shelves.map((shelf) => shelf.groupId))];
  const digits = shelves.map((shelf) => shelf.digits);
  const books = await findPriceBooks(ctx.sql, [priceListId], { groupIds, digits });
  return books(priceListId);
}

/** What each shelf costs an account now, by its id; one that is not sold to it in that currency is absent. */
export async function priceShelves({
  ctx,
  input,
}: {
  ctx: Context;
  input: { readonly account: Pricing; readonly currency: string; readonly shelves: readonly Shelf[] };
}): Promise<Map<number, Price>> {
  const { account, currency, shelves } = input;
  if (shelves.length === 0) return new Map();
  const book = await bookFor(ctx, account.priceListId, shelves);
  const at = ctx.clock.now();
  const prices = new Map<number, Price>();
  for (const { id, ...shelf } of shelves) {
    const asked = { ...shelf, currency, at };
    const found = quote({ asked, own: undefined, book, discountBp: account.priceDiscountBp });
    if (found) prices.set(id, found.price);
  }
  return prices;
}

/** A group as a shelf: its price is that of a number of it which no longer prefix singles out. */
export function shelfOfGroup(group: {
  readonly id: number;
  readonly country: string;
  readonly type: Shelf['type'];
  readonly dialPrefix: string;
}): Shelf {
  const { id, country, type, dialPrefix } = group;
  return { id, country, type, groupId: id, digits: dialPrefix };
}
