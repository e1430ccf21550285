import type { Account } from '../context.js';

/**
 * What a number's row says of a hold by an account on a test clock. Only that clock can tell when it is over, so for
 * everybody else it stands until the clock has been moved past it; moving it clears the row.
 */
export const heldByClock = new Date('9999-12-31T00:00:00Z');

/** Until when a number's row is to say that it is held. */
export function heldUntilFor(account: Pick<Account, 'clock'>, expiresAt: Date): Date {
  return account.clock ? heldByClock : expiresAt;
}
