import type { RentalRow, RentalState } from '../../../core/rentals/index.js';

/** What this wire calls the state of a rental (contract 2); documents that are outstanding have no word here. */
const statuses: Readonly<Record<RentalState, string>> = {
  active: 'active',
  awaiting_registration: 'active',
  suspended: 'blocked',
  pending_release: 'pending_release',
  ended: 'released',
};

/** A number whose rent is owed is blocked until it is paid (contract 8.3). */
export function statusOf({ state, pastDueSince }: Pick<RentalRow, 'state' | 'pastDueSince'>): string {
  const owed = pastDueSince !== null && statuses[state] === 'active';
  return owed ? 'blocked' : statuses[state];
}
