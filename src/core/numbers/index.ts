export { buyNumber, buyNumbers, buyReservedNumbers, orderLinesMax } from './buy-numbers.js';
export type { BuyInput } from './buy-numbers.js';
export { PurchaseDesk } from './desk/index.js';
export type {
  BoughtLine,
  DeskLine,
  DeskObserver,
  LineResult,
  OrderResult,
  ReservationResult,
} from './desk/index.js';
export { checkPurchase } from './check-purchase.js';
export type { PurchaseCheck } from './check-purchase.js';
export { checkAddress, decideAddress, settleAutomaticDecisions } from './decide-address.js';
export { heldByClock } from './holds.js';
export { acquireNumber } from './acquire-number.js';
export {
  getOrder,
  getRental,
  getRentalByNumber,
  listEveryRental,
  listOwed,
  listRentals,
  rentalPageMax,
} from './rentals.js';
export type { UpcomingCharge } from './rentals.js';
export { closeSubAccount } from './close-sub-account.js';
export { describeRental, labelLengthMax, tagLengthMax, tagsMax } from './describe-rental.js';
export type { DescribeInput, Description } from './describe-rental.js';
export { getNumber } from './get-number.js';
export { handToSubAccount } from './hand-over.js';
export type { HandOver } from './hand-over.js';
export { subAccountHolding, takeBackFromSubAccount } from './take-back.js';
export { lastReleases, pageOfRentals } from './page-of-rentals.js';
export type { RentalPageInput } from './page-of-rentals.js';
export type { HeldRental } from './rental-pages-store.js';
export { offerNumbers, priceNumbers } from './price-numbers.js';
export { reclaimByNumber } from './reclaim-by-number.js';
export { reclaimNumber } from './reclaim-number.js';
export type { ReclaimInput, ReclaimResult } from './reclaim-number.js';
export { releaseByNumber } from './release-by-number.js';
export { releaseNumber } from './release-number.js';
export type { ReleaseInput, ReleaseResult } from './release-number.js';
export {
  cancelReservation,
  extendReservation,
  getReservation,
  getReservedNumber,
  listReservations,
  reserveNumber,
} from './reservations.js';
export type { OrderRow, RentalFilters, RentalRow, RentalState, ReservationRow } from './store.js';
export { countryHasStock, searchAll } from './browse-stock.js';
export { countNumbers, pageOffsetMax, pageOfNumbers, searchNumbers, searchPageMax } from './search/index.js';
export type { FoundNumber, NumberFilters } from './search/index.js';
export { addRange, hasNumbers, importStock, rangeNumbersMax } from './stock/index.js';
export type { StockResult } from './stock/index.js';
