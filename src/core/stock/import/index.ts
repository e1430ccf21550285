export { addRange, rangeNumbersMax } from './add-range.js';
export type { AddRangeInput } from './add-range.js';
export { hasNumbers } from '../has-numbers.js';
export { importStock } from './import-stock.js';
export type { ImportStockInput } from './import-stock.js';
export type { StockResult } from './take-in.js';
export { priceMinorMax } from './place-number.js';
