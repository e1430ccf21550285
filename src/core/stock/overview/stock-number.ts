import type { Price } from '../../billing/index.js';
import type { Environment } from '../../context.js';
import type { RentalState } from '../../number-life.js';
import { countryOfNo, environmentOf, featuresOf, typeOfLetter } from '../number-row.js';
import type { Feature, NumberType } from '../number-row.js';
import { stockStateOf } from './state.js';
import type { StockState } from './state.js';

/** A number as the operator sees it: what it is, what has become of it, and who has it. */
export interface StockNumber {
  readonly id: number;
  readonly environment: Environment;
  readonly group: string;
  readonly country: string;
  readonly regionId: number | null;
  readonly cityId: number | null;
  readonly type: NumberType;
  readonly features: readonly Feature[];
  readonly location: string;
  readonly state: StockState;
  /** End of the hold that is in force. */
  readonly heldUntil: Date | null;
  /** End of the quarantine. */
  readonly restsUntil: Date | null;
  /** Who rents or holds it. */
  readonly holder: { readonly account: string; readonly name: string } | null;
  readonly rental: StockRental | null;
  /** Its own prices, which beat those of price lists. */
  readonly ownPrices: readonly Price[];
}

/** The open rental of a number, in brief. */
export interface StockRental {
  readonly id: number;
  readonly startedAt: Date;
  readonly reclaimUntil: Date | null;
  readonly price: Price;
}

/** The row that the statements give. */
export interface StockRow {
  readonly id: number;
  readonly group: string;
  readonly countryNo: number;
  readonly regionId: number | null;
  readonly cityId: number | null;
  readonly type: string;
  readonly features: number;
  readonly location: string;
  readonly status: string;
  readonly heldUntil: Date | null;
  readonly restsUntil: Date | null;
  readonly account: string | null;
  readonly accountName: string | null;
  readonly rentalId: number | null;
  readonly rentalState: RentalState | null;
  readonly startedAt: Date | null;
  readonly reclaimUntil: Date | null;
  readonly rentalPrice: Price | null;
  readonly ownPrices: readonly Price[] | null;
}

export function asStockNumber(row: StockRow, at: Date): StockNumber {
  const state = stockStateOf(row, at);
  const isHad = row.rentalId !== null || state === 'held';
  return {
    id: row.id,
    environment: environmentOf(row.id),
    group: row.group,
    country: countryOfNo(row.countryNo),
    regionId: row.regionId,
    cityId: row.cityId,
    type: typeOfLetter(row.type),
    features: featuresOf(row.features),
    location: row.location,
    state,
    heldUntil: state === 'held' ? row.heldUntil : null,
    restsUntil: row.restsUntil,
    holder: isHad && row.account !== null ? { account: row.account, name: row.accountName ?? '' } : null,
    rental: rentalOf(row),
    ownPrices: row.ownPrices ?? [],
  };
}

function rentalOf({ rentalId, startedAt, reclaimUntil, rentalPrice }: StockRow): StockRental | null {
  if (rentalId === null || startedAt === null || rentalPrice === null) return null;
  return { id: rentalId, startedAt, reclaimUntil, price: rentalPrice };
}
