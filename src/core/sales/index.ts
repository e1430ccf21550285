export { buyNumber, buyNumbers, buyReservedNumbers, orderJudged, orderLinesMax } from './buy-numbers.js';
export type { BuyInput } from './buy-numbers.js';
export { checkPurchase } from './check-purchase.js';
export type { PurchaseCheck } from './check-purchase.js';
export { PurchaseDesk } from './desk/index.js';
export type { DeskObserver } from './desk/index.js';
export { expireReservations } from './due/expire-reservations.js';
export type { OrderLine } from './order-line.js';
export type { OrderRow } from './order-store.js';
export { getOrder } from './orders.js';
export type { ReservationRow } from './reservation-store.js';
export {
  cancelHolds,
  cancelReservation,
  extendReservation,
  getReservation,
  listEveryReservation,
  listReservations,
  reserveNumber,
} from './reservations.js';
export type {
  BoughtLine,
  DeskLine,
  LineResult,
  OrderResult,
  RefusedLine,
  ReservationResult,
} from '../ports.js';
