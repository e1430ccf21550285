import type { BillingCycle } from '../billing-cycle.js';
import type { NumberType } from '../catalogue/index.js';

/** What a number costs: a set-up fee once and a recurring fee per cycle, in minor units of the currency. */
export interface Price {
  readonly currency: string;
  readonly setupMinor: number;
  readonly recurringMinor: number;
  readonly cycle: BillingCycle;
}

/** What a rule of a price list is for; a null field matches everything. */
export interface PriceScope {
  readonly currency: string;
  readonly country: string | null;
  readonly type: NumberType | null;
  readonly groupId: number | null;
  /** Leading digits of the number in E.164, without the plus sign. */
  readonly prefix: string | null;
}

/** A rule of a price list. It holds from `validFrom` until `endedAt`, or until a newer one of the same scope holds. */
export interface PriceRule extends Price, PriceScope {
  readonly id: number;
  readonly priceListId: number;
  readonly validFrom: Date;
  readonly endedAt: Date | null;
}

/** What a price is asked for. */
export interface PriceAsked {
  readonly currency: string;
  readonly country: string;
  readonly type: NumberType;
  readonly groupId: number;
  /** The number's digits; of a group, those with which all its numbers begin. */
  readonly digits: string;
  readonly at: Date;
}

/** Largest amount of a price, in minor units: keeps every total far inside the safe integers. */
export const priceMinorMax = 1_000_000_000_000;
/** A hundred per cent in basis points. */
export const wholeBp = 10_000;

/** An amount times `numerator / denominator`, rounded half up to a whole minor unit, 0 to `priceMinorMax`. */
export function scaleMinor(amountMinor: number, numerator: bigint, denominator: bigint): number {
  const scaled = (2n * BigInt(amountMinor) * numerator + denominator) / (2n * denominator);
  return boundMinor(Number(scaled));
}

function boundMinor(amountMinor: number): number {
  return Math.min(Math.max(amountMinor, 0), priceMinorMax);
}

/** The price with both charges changed by so many basis points, each rounded half up. */
export function changeByPercent(price: Price, percentBp: number): Price {
  if (percentBp === 0) return price;
  const change = (minor: number): number => scaleMinor(minor, BigInt(wholeBp + percentBp), BigInt(wholeBp));
  return { ...price, setupMinor: change(price.setupMinor), recurringMinor: change(price.recurringMinor) };
}

/** The price with an amount added to each charge; none falls below 0. */
export function changeByAmount(price: Price, setupMinor: number, recurringMinor: number): Price {
  return {
    ...price,
    setupMinor: boundMinor(price.setupMinor + setupMinor),
    recurringMinor: boundMinor(price.recurringMinor + recurringMinor),
  };
}

/** The first charge: set-up and the first cycle. */
export function firstChargeMinor(price: Price): number {
  return price.setupMinor + price.recurringMinor;
}
