import { actingAccount } from '../authority/index.js';
import { bookFor, findOwnPrices, quote } from '../billing/index.js';
import type { Price, PriceBook, Shelf } from '../billing/index.js';
import type { Account, Context } from '../context.js';
import { listPayingWallets } from '../ledger/index.js';
import { digitsOf } from '../number-id.js';
import type { FoundNumber } from './search/index.js';

/** A number as far as its price depends on it. */
export type PricedNumber = Pick<FoundNumber, 'id' | 'country' | 'type' | 'groupId' | 'hasOwnPrice'>;

/** What prices of these numbers are found in. */
interface Found {
  readonly account: Account;
  readonly at: Date;
  readonly book: PriceBook;
  readonly own: ReadonlyMap<number, readonly Price[]>;
}

async function findPrices(ctx: Context, numbers: readonly PricedNumber[]): Promise<Found> {
  const account = actingAccount(ctx);
  const withOwn = numbers.filter((number) => number.hasOwnPrice).map((number) => number.id);
  const [book, rows] = await Promise.all([
    bookFor(ctx, account.priceListId, numbers.map(shelfOfNumber)),
    withOwn.length > 0 ? findOwnPrices(ctx.sql, withOwn) : [],
  ]);
  const own = new Map<number, Price[]>();
  for (const row of rows) own.set(row.numberId, [...(own.get(row.numberId) ?? []), row]);
  return { account, at: ctx.clock.now(), book, own };
}

export function shelfOfNumber({ id, country, type, groupId }: PricedNumber): Shelf {
  return { id, country, type, groupId, digits: String(digitsOf(id)) };
}

function priceIn(found: Found, number: PricedNumber, currency: string): Price | undefined {
  const { account, at, book, own } = found;
  const asked = { ...shelfOfNumber(number), currency, at };
  return quote({ asked, own: own.get(number.id), book, discountBp: account.priceDiscountBp })?.price;
}

/**
 * What each of these numbers costs the acting account in a currency, by number; one that is not sold to it in that
 * currency is absent.
 */
export async function priceNumbers({
  ctx,
  input,
}: {
  ctx: Context;
  input: { readonly numbers: readonly PricedNumber[]; readonly currency: string };
}): Promise<Map<number, Price>> {
  const { numbers, currency } = input;
  if (numbers.length === 0) return new Map();
  const found = await findPrices(ctx, numbers);
  return pricesBy(numbers, (number) => priceIn(found, number, currency));
}

function pricesBy(
  numbers: readonly PricedNumber[],
  priceOf: (number: PricedNumber) => Price | undefined,
): Map<number, Price> {
  const prices = new Map<number, Price>();
  for (const number of numbers) {
    const price = priceOf(number);
    if (price) prices.set(number.id, price);
  }
  return prices;
}

/** The currency of prices for an account without a wallet. */
export const currencyWithoutWallet = 'USD';

/**
 * What each of these numbers costs the acting account when nobody names a currency, by number: the number's own price
 * in a currency that the account can pay in, else the list's in the currency of its first wallet (its parent's, for a
 * sub-account). One that is not on offer is absent.
 */
export async function offerNumbers({
  ctx,
  input,
}: {
  ctx: Context;
  input: { readonly numbers: readonly PricedNumber[] };
}): Promise<Map<number, Price>> {
  const { numbers } = input;
  if (numbers.length === 0) return new Map();
  const [wallets, found] = await Promise.all([
    listPayingWallets({ ctx, input: { account: actingAccount(ctx) } }),
    findPrices(ctx, numbers),
  ]);
  const standard = wallets[0]?.currency ?? currencyWithoutWallet;
  const currencyOf = ({ id }: PricedNumber): string => {
    const own = found.own.get(id);
    const payable = wallets.find(({ currency }) => own?.some((price) => price.currency === currency));
    return payable?.currency ?? standard;
  };
  return pricesBy(numbers, (number) => priceIn(found, number, currencyOf(number)));
}
