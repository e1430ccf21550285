/**
 * The states of a rental, and the rules by which time alone ends a hold, a reclaim window or a rest: each holds by the
 * clock, whether or not a job has written it down. number-life-store.ts has the same rules for statements.
 */

export type RentalState = 'active' | 'awaiting_registration' | 'suspended' | 'pending_release' | 'ended';

/** The states in which a number is its holder's without reserve: it may be released, routed and handed over. */
export const rentedStates: readonly RentalState[] = ['active', 'awaiting_registration', 'suspended'];

/** Whether nobody holds a number any more. */
export function isHoldOver(heldUntil: Date | null, at: Date): boolean {
  return heldUntil === null || heldUntil <= at;
}

/** Whether an open rental is still its holder's: active, or released with a reclaim window that is not over. */
export function isStillHeld(
  rental: { readonly state: RentalState; readonly reclaimUntil: Date | null },
  at: Date,
): boolean {
  return rental.state !== 'pending_release' || rental.reclaimUntil === null || rental.reclaimUntil > at;
}

/** Whether a number in quarantine may be sold again. */
export function isRestOver(restsUntil: Date | null, at: Date): boolean {
  return restsUntil !== null && restsUntil <= at;
}
