export { previewPurchase } from './preview.js';
export { batchLinesMax, batchMax, PurchaseDesk, waitingMax } from './purchase-desk.js';
export type { DeskObserver } from './purchase-desk.js';
export type {
  BoughtLine,
  BuyRequest,
  DeskLine,
  DeskRequest,
  LineResult,
  OrderResult,
  RefusedLine,
  ReservationResult,
  ReserveRequest,
  Verdict,
} from '../../ports.js';
