export { cycleStart, firstChargeMinor, priceOf } from './price.js';
export type { BillingCycle, Price, PriceRule } from './price.js';
export { priceShelves } from './price-shelves.js';
export { findOwnPrices, findPriceRules } from './store.js';
export type { OwnPriceRow } from './store.js';
