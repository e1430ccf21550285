import { changeByPercent } from './price.js';
import type { Price, PriceAsked } from './price.js';
import type { ListPrice, PriceBook } from './price-book.js';

/** Where a price comes from: the number itself, or a rule of a list. */
export type PriceSource =
  { readonly kind: 'number' } | ({ readonly kind: 'list' } & Omit<ListPrice, 'price'>);

export interface Quote {
  /** What the account pays. */
  readonly price: Price;
  /** The same before the account's discount. */
  readonly listed: Price;
  readonly source: PriceSource;
}

/** What a price depends on. */
export interface QuoteInput {
  readonly asked: PriceAsked;
  /** The prices of the number itself, one per currency; they beat every rule. */
  readonly own: readonly Price[] | undefined;
  /** The book of the account's price list. */
  readonly book: PriceBook | undefined;
  /** The account's discount in basis points, taken off whichever price is found. */
  readonly discountBp: number;
}

/**
 * The one function that prices a number or a group for an account: the desk, searches, listings and explanations call
 * it. Undefined when it is not sold to the account in that currency.
 */
export function quote({ asked, own, book, discountBp }: QuoteInput): Quote | undefined {
  const ownPrice = own?.find((price) => price.currency === asked.currency);
  if (ownPrice) {
    const { currency, setupMinor, recurringMinor, cycle } = ownPrice;
    const listed = { currency, setupMinor, recurringMinor, cycle };
    return { price: changeByPercent(listed, -discountBp), listed, source: { kind: 'number' } };
  }
  const found = book?.find(asked);
  if (!found) return undefined;
  const { price: listed, ...source } = found;
  return { price: changeByPercent(listed, -discountBp), listed, source: { kind: 'list', ...source } };
}
