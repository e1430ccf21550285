import { isHoldOver } from '../../number-life.js';
import type { RentalState } from '../../number-life.js';

/** What has become of a number, as the operator sees it; each number is in one of them. */
export const stockStates = [
  'in_stock',
  'held',
  'rented',
  'awaiting_registration',
  'suspended',
  'pending_release',
  'quarantined',
  'withdrawn',
] as const;
export type StockState = (typeof stockStates)[number];

/** A number's state by its row and its open rental. */
export function stockStateOf(
  row: {
    readonly status: string;
    readonly heldUntil: Date | null;
    readonly rentalState: RentalState | null;
  },
  at: Date,
): StockState {
  if (row.status === 'q') return 'quarantined';
  if (row.status === 'w') return 'withdrawn';
  if (row.status === 's') return isHoldOver(row.heldUntil, at) ? 'in_stock' : 'held';
  const { rentalState } = row;
  return rentalState === null || rentalState === 'active' || rentalState === 'ended' ? 'rented' : rentalState;
}
