import type { Account, Context } from '../context.js';
import { hasPriceRule } from './store.js';

/** What whoever opens a wallet in a currency, or pays into one, ought to know: that nothing can be bought with it yet. */
export async function currencyWarnings({
  ctx,
  input,
}: {
  ctx: Context;
  input: { readonly account: Account; readonly currency: string };
}): Promise<string[]> {
  const { account, currency } = input;
  if (await hasPriceRule(ctx.sql, account.priceListId, currency)) return [];
  return [
    `The account's price list has no price in ${currency}: nothing can be bought in ${currency} until it has one; ` +
      `numex price currency add ${currency} --list ${account.priceListId} --from <currency> --rate <rate> makes them`,
  ];
}
