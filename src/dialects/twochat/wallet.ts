import { priceShelves, shelfOfGroup } from '../../core/billing/index.js';
import type { Price } from '../../core/billing/index.js';
import type { Group } from '../../core/catalogue/index.js';
import type { RootContext } from '../../core/context.js';
import { actingAccount } from '../../core/authority/index.js';
import { walletForPurchase } from '../../core/ledger/index.js';

/** Prices on this wire are in US dollars without saying so; an account without a dollar wallet sees its first one. */
export const preferredCurrency = 'USD';

/** The prices of groups in the currency this account would pay in, keyed by group; groups not on offer are absent. */
export async function pricesFor(ctx: RootContext, groups: readonly Group[]): Promise<Map<number, Price>> {
  const input = {
    account: actingAccount(ctx),
    currency: await currencyFor(ctx),
    shelves: groups.map(shelfOfGroup),
  };
  return priceShelves({ ctx, input });
}

/** The currency of the wallet that this account would pay from. */
export async function currencyFor(ctx: RootContext): Promise<string> {
  const account = actingAccount(ctx);
  const wallet = await walletForPurchase({ ctx, input: { account, preferCurrency: preferredCurrency } });
  return wallet?.currency ?? preferredCurrency;
}
