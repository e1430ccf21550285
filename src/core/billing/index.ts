export { cycleStart } from '../billing-cycle.js';
export type { BillingCycle } from '../billing-cycle.js';
export { firstChargeMinor, priceOf } from './price.js';
export type { Price, PriceRule } from './price.js';
export { PriceBook } from './price-book.js';
export { priceShelves } from './price-shelves.js';
export { listReleaseFees, releaseFeeMinorMax, setReleaseFee } from './release-fees.js';
export { findOwnPrices, findPriceRules, findReleaseFeeMinor, findRulesOfList } from './store.js';
export type { OwnPriceRow, ReleaseFee } from './store.js';
