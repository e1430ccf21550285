import { e164Of, spellNumberId } from '../../../core/number-id.js';
import type { RentalState } from '../../../core/rentals/index.js';

/** What this wire calls the state of a rental (contract 7); a released one is in no list. */
const statuses: Readonly<Record<RentalState, string>> = {
  active: 'active',
  awaiting_registration: 'pending',
  suspended: 'suspended',
  pending_release: 'released',
  ended: 'released',
};

/** An owned number, in the purchase's answer and in the list alike (contract 3 and 4). */
export function renderPurchased(owned: { readonly numberId: number; readonly state: RentalState }) {
  return {
    id: spellNumberId(owned.numberId),
    number: e164Of(owned.numberId),
    status: statuses[owned.state],
  };
}
