import type { Account, Context } from '../../context.js';
import { countryNo } from '../number-row.js';
import {
  callingCodes,
  cleanFilters,
  countryOfPlace,
  digitConditions,
  intersectRanges,
  invalid,
  prefixRanges,
} from '../search/index.js';
import type { CountryScope, NumberFilters, Scope } from '../search/index.js';
import { stockStates } from './state.js';
import type { StockState } from './state.js';
import { prefixesOfPlace } from './store.js';

/** What the operator looks for: what tenants can, in whatever state the numbers are, with one country at most. */
export interface StockFilters extends Omit<NumberFilters, 'countries'> {
  readonly state?: StockState | undefined;
  /** Who rents them or, with the state `held`, holds them. */
  readonly holder?: Account | undefined;
  /** Numbers with a price of their own in this currency. */
  readonly ownPriceIn?: string | undefined;
  /** Its recurring amount at most, in minor units; only with ownPriceIn. */
  readonly recurringMinorMax?: number | undefined;
}

/** Filters that have been checked, and where such numbers can be; undefined where none can. */
export async function scopeOfStock(ctx: Context, filters: StockFilters): Promise<Scope | undefined> {
  checkStockFilters(filters);
  const clean = cleanFilters(filters);
  const isPlaced = clean.groupId !== null || clean.cityId !== null || clean.regionId !== null;
  const named = clean.countries?.[0];
  const code = isPlaced ? await countryOfPlace(ctx.sql, clean) : named;
  if (isPlaced && (code === undefined || (named !== undefined && named !== code))) return undefined;
  const country = await countryScope(ctx, code);
  if (!country) return undefined;
  const conditions = digitConditions(clean, country);
  if (!conditions) return undefined;
  const prefixes = isPlaced || clean.type !== null ? await prefixesOfPlace(ctx.sql, clean, code) : undefined;
  const within = prefixRanges(prefixes ?? (country.callingCode === '' ? [''] : [country.callingCode]));
  const ranges = intersectRanges(conditions.ranges, within);
  return { filters: clean, country, conditions: { ...conditions, ranges }, now: ctx.clock.now() };
}

/** Without a country digits are meant with their country code. Undefined for a country that nobody knows. */
async function countryScope(ctx: Context, code: string | undefined): Promise<CountryScope | undefined> {
  if (code === undefined) return { no: -1, callingCode: '', named: false };
  const [row] = await callingCodes(ctx.sql, [code]);
  return row && { no: countryNo(code), callingCode: row.callingCode.replace(/\D/g, ''), named: true };
}

/** Raises invalid_input for filters that contradict each other. */
export function checkStockFilters({ state, holder, ownPriceIn, recurringMinorMax }: StockFilters): void {
  if (state !== undefined && !stockStates.includes(state)) {
    throw invalid('state', `one of ${stockStates.join(', ')}`);
  }
  if (recurringMinorMax !== undefined && ownPriceIn === undefined) {
    throw invalid('ownPriceIn', 'needed with a maximum price: the currency of the price');
  }
  const isUnheld = state === 'in_stock' || state === 'quarantined' || state === 'withdrawn';
  if (holder !== undefined && isUnheld) throw invalid('holder', `nobody has a number that is ${state}`);
}
