export { countryHasStock, searchAll } from './browse-stock.js';
export { endQuarantines } from './due/end-quarantines.js';
export { explainPrice } from './explain-price.js';
export type { ExplainPriceInput, ExplainedSource, ExplainedStep, PriceExplanation } from './explain-price.js';
export { foldStockChanges } from './fold-stock-changes.js';
export { getNumber } from './get-number.js';
export { hasNumbers } from './has-numbers.js';
export { addRange, importStock, rangeNumbersMax } from './import/index.js';
export type { StockResult } from './import/index.js';
export { offerNumbers, priceNumbers } from './price-numbers.js';
export {
  countedNumbersMax,
  countNumbers,
  pageOffsetMax,
  pageOfNumbers,
  searchNumbers,
  searchPageMax,
} from './search/index.js';
export type { FoundNumber, NumberFilters } from './search/index.js';
export {
  checkReason,
  clearNumberPrice,
  deleteNumber,
  endRest,
  moveToGroup,
  repriceNumber,
  returnNumber,
  withdrawNumber,
} from './change/index.js';
export type { NumberChange, RepricedNumber, WithdrawnNumber } from './change/index.js';
export {
  countKeys,
  countPageMax,
  countStock,
  getStockNumber,
  historyPageMax,
  historyParts,
  listStock,
  numberHistory,
  stockStates,
} from './overview/index.js';
export type {
  CountStockInput,
  HistoryPart,
  HistoryPosition,
  HistoryRow,
  ListStockInput,
  NumberHistory,
  StockCount,
  StockFilters,
  StockNumber,
  StockState,
} from './overview/index.js';
