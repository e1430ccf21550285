import { accountOf } from './context.js';
import type { Account, Context } from './context.js';

/**
 * What a number's row says of a hold by an account on a test clock. Only that clock can tell when it is over, so for
 * everybody else it stands until the clock has been moved past it; moving it clears the row.
 */
export const heldByClock = new Date('9999-12-31T00:00:00Z');

/** Until when a number's row is to say that it is held. */
export function heldUntilFor(account: Pick<Account, 'clock'>, expiresAt: Date): Date {
  return account.clock ? heldByClock : expiresAt;
}

/**
 * The instant up to which the hold on a number's row counts as over for whoever acts. By a test clock none does: the
 * time of other accounts is not its own, and the holds on that clock are cleared as it moves.
 */
export function holdsOverBy({ actor, clock }: Pick<Context, 'actor' | 'clock'>): Date {
  return accountOf(actor)?.clock ? new Date(0) : clock.now();
}
