import { actingAccount } from '../../../core/authority/index.js';
import { priceShelves, shelfOfGroup } from '../../../core/billing/index.js';
import type { Price } from '../../../core/billing/index.js';
import { getGroup, searchGroups } from '../../../core/catalogue/index.js';
import type { Group } from '../../../core/catalogue/index.js';
import type { RootContext } from '../../../core/context.js';
import { walletForPurchase } from '../../../core/ledger/index.js';

/** The currency of prices for an account that has no wallet and names none. */
const currencyDefault = 'EUR';

/** A group with its price for the acting account; null when it is not sold in that currency. */
export interface PricedGroup {
  readonly id: number;
  readonly group: Group;
  readonly price: Price | null;
}

type Currency = string | undefined;

/** Groups that have something to sell. Raises forbidden. */
export async function searchPriced({
  ctx,
  input: { currency, ...input },
}: {
  ctx: RootContext;
  input: Parameters<typeof searchGroups>[0]['input'] & { readonly currency: Currency };
}): Promise<PricedGroup[]> {
  return withPrices(ctx, await searchGroups({ ctx, input }), currency);
}

/** One group by its public id. Raises forbidden, not_found (group). */
export async function getPriced({
  ctx,
  input: { group, currency },
}: {
  ctx: RootContext;
  input: { readonly group: string; readonly currency: Currency };
}): Promise<PricedGroup> {
  const [priced] = await withPrices(ctx, [await getGroup({ ctx, input: { group } })], currency);
  return priced as PricedGroup;
}

async function withPrices(
  ctx: RootContext,
  groups: readonly Group[],
  currency: Currency,
): Promise<PricedGroup[]> {
  const account = actingAccount(ctx);
  const wallet = await walletForPurchase({ ctx, input: { account, preferCurrency: currency } });
  const prices = await priceShelves({
    ctx,
    input: {
      account,
      currency: currency ?? wallet?.currency ?? currencyDefault,
      shelves: groups.map(shelfOfGroup),
    },
  });
  return groups.map((group) => ({ id: group.id, group, price: prices.get(group.id) ?? null }));
}
