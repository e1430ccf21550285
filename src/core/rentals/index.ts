export { acquireNumber } from './acquire-number.js';
export { closeSubAccount } from './close-sub-account.js';
export { checkAddress, decideAddress, settleAutomaticDecisions } from './decide-address.js';
export { describeRental, labelLengthMax, tagLengthMax, tagsMax } from './describe-rental.js';
export type { DescribeInput, Description } from './describe-rental.js';
export {
  endReclaimWindows,
  findNextDue,
  recallPastDues,
  renewRentals,
  suspendUnregistered,
} from './due/index.js';
export type { NextDue } from './due/index.js';
export { handToSubAccount } from './hand-over.js';
export type { HandOver } from './hand-over.js';
export { moveRental } from './move-rental.js';
export { listOwed } from './owed.js';
export type { ChargePosition } from './owed.js';
export { lastReleases, pageOfRentals } from './page-of-rentals.js';
export type { RentalPageInput } from './page-of-rentals.js';
export { reclaimByNumber } from './reclaim-by-number.js';
export { reclaimNumber } from './reclaim-number.js';
export type { ReclaimInput, ReclaimResult } from './reclaim-number.js';
export { releaseByNumber } from './release-by-number.js';
export { releaseNumber } from './release-number.js';
export type { ReleaseInput, ReleaseResult } from './release-number.js';
export type { HeldRental } from './rental-pages-store.js';
export {
  eachRental,
  getRental,
  getRentalByNumber,
  listRentals,
  rentalPageMax,
  rentalSliceSize,
} from './rentals.js';
export type { RentalState } from '../number-life.js';
export { repairOrphans } from './repair-orphans.js';
export type { Repair, RepairedRental, RepairInput } from './repair-orphans.js';
export type { RentalFilters, RentalRow } from './store.js';
export { subAccountHolding, takeBackFromSubAccount } from './take-back.js';
export { dueByDay, dueDaysMax, listPastDues } from './receivables.js';
export type { DueDayRow, PastDueRow } from './receivables-store.js';
