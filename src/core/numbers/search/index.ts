export { searchNumbers, searchPageMax } from './search-numbers.js';
export type { FoundNumber, SearchInput } from './search-numbers.js';
export type { NumberFilters } from './filters.js';
