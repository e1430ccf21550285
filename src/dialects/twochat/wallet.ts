import { priceShelves } from '../../core/billing/index.js';
import type { Price } from '../../core/billing/index.js';
import type { Group } from '../../core/catalogue/index.js';
import type { RootContext } from '../../core/context.js';
import { actingAccount } from '../../core/authority/index.js';
import { walletForPurchase } from '../../core/ledger/index.js';

/** Prices on this wire are in US dollars without saying so; an account without a dollar wallet sees its first one. */
export const preferredCurrency = 'USD';

/** The prices of groups in the currency this account would pay in, keyed by group; groups not on offer are absent. */
export async function pricesFor(ctx: RootContext, groups: readonly Group[]): Promise<Map<number, Price>> {
  const account = actingAccount(ctx);
  const wallet = await walletForPurchase({ ctx, input: { account, preferCurrency: preferredCurrency } });
  return priceShelves({
    ctx,
    input: {
      priceListId: account.priceListId,
      currency: wallet?.currency ?? preferredCurrency,
      shelves: groups.map((group) => ({ country: group.country, type: group.type, groupId: group.id })),
    },
  });
}
