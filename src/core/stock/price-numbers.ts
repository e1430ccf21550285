import { actingAccount } from '../authority/index.js';
import { findOwnPrices, priceShelves } from '../billing/index.js';
import type { Price } from '../billing/index.js';
import type { Context } from '../context.js';
import { listPayingWallets } from '../ledger/index.js';
import type { FoundNumber } from './search/index.js';

/**
 * What each of these numbers costs the acting account in a currency, by number; one that is not sold to it in that
 * currency is absent. A number's own price beats the list.
 */
export async function priceNumbers({
  ctx,
  input,
}: {
  ctx: Context;
  input: { readonly numbers: readonly FoundNumber[]; readonly currency: string };
}): Promise<Map<number, Price>> {
  const { numbers, currency } = input;
  const { priceListId } = actingAccount(ctx);
  const shelves = numbers.map(({ country, type, groupId }) => ({ country, type, groupId }));
  const withOwn = numbers.filter((number) => number.hasOwnPrice).map((number) => number.id);
  const [listed, own] = await Promise.all([
    priceShelves({ ctx, input: { priceListId, currency, shelves } }),
    withOwn.length > 0 ? findOwnPrices(ctx.sql, withOwn) : [],
  ]);
  const prices = new Map<number, Price>();
  for (const number of numbers) {
    const ownPrice = own.find((price) => price.numberId === number.id && price.currency === currency);
    const price = ownPrice ?? listed.get(number.groupId);
    if (price) prices.set(number.id, price);
  }
  return prices;
}

/** The currency of prices for an account without a wallet. */
const currencyWithoutWallet = 'USD';

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
  input: { readonly numbers: readonly FoundNumber[] };
}): Promise<Map<number, Price>> {
  const { numbers } = input;
  const wallets = await listPayingWallets({ ctx, input: { account: actingAccount(ctx) } });
  const currency = wallets[0]?.currency ?? currencyWithoutWallet;
  const withOwn = numbers.filter((number) => number.hasOwnPrice).map((number) => number.id);
  const [offers, own] = await Promise.all([
    priceNumbers({ ctx, input: { numbers, currency } }),
    withOwn.length > 0 ? findOwnPrices(ctx.sql, withOwn) : [],
  ]);
  for (const wallet of [...wallets].reverse()) {
    for (const { numberId, ...price } of own) {
      if (price.currency === wallet.currency) offers.set(numberId, price);
    }
  }
  return offers;
}
