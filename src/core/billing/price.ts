import type { BillingCycle } from '../billing-cycle.js';
import type { NumberType } from '../catalogue/index.js';

/** What a number costs: a set-up fee once and a recurring fee per cycle, in minor units of the currency. */
export interface Price {
  readonly currency: string;
  readonly setupMinor: number;
  readonly recurringMinor: number;
  readonly cycle: BillingCycle;
}

/** A rule of a price list; a null field matches everything. */
export interface PriceRule extends Price {
  readonly priceListId: number;
  readonly country: string | null;
  readonly type: NumberType | null;
  readonly groupId: number | null;
}

/** What a price is asked for. */
export interface PricedShelf {
  readonly priceListId: number;
  readonly currency: string;
  readonly country: string;
  readonly type: NumberType;
  readonly groupId: number;
}

/** Bits in order of weight: a group beats a country with a type, which beats a country, which beats a type. */
function specificity(rule: PriceRule): number {
  return (rule.groupId !== null ? 4 : 0) + (rule.country !== null ? 2 : 0) + (rule.type !== null ? 1 : 0);
}

/** The price of a shelf by the most specific rule; undefined when the list does not sell it in that currency. */
export function priceOf(rules: readonly PriceRule[], shelf: PricedShelf): Price | undefined {
  let best: PriceRule | undefined;
  for (const rule of rules) {
    if (rule.priceListId !== shelf.priceListId || rule.currency !== shelf.currency) continue;
    if (rule.groupId !== null && rule.groupId !== shelf.groupId) continue;
    if (rule.country !== null && rule.country !== shelf.country) continue;
    if (rule.type !== null && rule.type !== shelf.type) continue;
    if (!best || specificity(rule) > specificity(best)) best = rule;
  }
  if (!best) return undefined;
  const { currency, setupMinor, recurringMinor, cycle } = best;
  return { currency, setupMinor, recurringMinor, cycle };
}

/** The first charge: set-up and the first cycle. */
export function firstChargeMinor(price: Price): number {
  return price.setupMinor + price.recurringMinor;
}
