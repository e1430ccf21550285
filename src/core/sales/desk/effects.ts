import type { Price } from '../../billing/index.js';
import type { BuyRequest, OrderResult, ReserveRequest } from '../../ports.js';
import type { GroupFacts, NumberFacts, WalletFacts } from './state.js';

/** What a judgement wants written: one row of every kind per sale, all in one transaction. */

export interface RentalEffect {
  readonly rentalId: number;
  readonly orderId: number;
  readonly request: BuyRequest;
  readonly number: NumberFacts;
  readonly group: GroupFacts;
  readonly wallet: WalletFacts;
  readonly price: Price;
  readonly state: 'active' | 'awaiting_registration';
  /** The address that the number is registered with. */
  readonly addressId: number | null;
  readonly nextChargeAt: Date;
  /** What the buyer's account has new numbers point at. */
  readonly assignment: { readonly id: number; readonly applicationId: number } | null;
}

export interface ReservationEffect {
  readonly reservationId: number;
  readonly request: ReserveRequest;
  readonly number: NumberFacts;
  readonly expiresAt: Date;
  /** What the number's row says: until when nobody else may have it. */
  readonly heldUntil: Date;
}

/** A hold that a purchase has used up, or that was over when somebody else took its number. */
export interface EndedReservation {
  readonly reservationId: number;
  readonly end: 'bought' | 'expired';
  readonly numberId: number;
  readonly holderAccountId: number | null;
  readonly heldUntil: Date | null;
}

export interface Effects {
  readonly rentals: RentalEffect[];
  readonly reservations: ReservationEffect[];
  readonly orders: { readonly request: BuyRequest; readonly order: OrderResult }[];
  readonly endedReservations: EndedReservation[];
}
