export { countedNumbersMax, countNumbers } from './count-numbers.js';
export { findNumber } from './find-number.js';
export { pageOffsetMax, pageOfNumbers } from './page-of-numbers.js';
export type { PageInput } from './page-of-numbers.js';
export { searchNumbers, searchPageMax } from './search-numbers.js';
export type { SearchInput } from './search-numbers.js';
export type { FoundNumber } from './found-number.js';
export type { NumberFilters } from './filters.js';
