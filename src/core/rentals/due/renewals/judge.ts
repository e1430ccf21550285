import { addSeconds, secondsPerDay } from '../../../../lib/clock.js';
import { cycleStart } from '../../../billing/index.js';
import type { DueRenewal, Grace, PayingWallet } from './store.js';

/** A charge that goes through: the rental's next cycle, and what the rental is like after it. */
export interface Renewed {
  readonly rental: DueRenewal;
  readonly cycleNumber: number;
  readonly nextChargeAt: Date;
  /** Set while a cycle after this one is overdue as well. */
  readonly pastDueSince: Date | null;
}

/** A charge that the wallet does not cover: the rental waits for money, or its grace is over and it is released. */
export type Unpaid =
  | {
      readonly kind: 'waits';
      readonly rental: DueRenewal;
      readonly pastDueSince: Date;
      readonly retryAt: Date;
    }
  | {
      readonly kind: 'released';
      readonly rental: DueRenewal;
      readonly releasedAt: Date;
      readonly reclaimUntil: Date;
    };

/**
 * Judges charges one by one, the one due first first, each against what the ones before it have left in its wallet.
 * Takes the money out of `wallets`.
 */
export function judgeRenewals(
  rentals: readonly DueRenewal[],
  wallets: ReadonlyMap<number, PayingWallet>,
): { renewed: Renewed[]; unpaid: DueRenewal[] } {
  const renewed: Renewed[] = [];
  const unpaid: DueRenewal[] = [];
  const inOrder = [...rentals].sort(
    (a, b) => a.nextChargeAt.getTime() - b.nextChargeAt.getTime() || a.id - b.id,
  );
  for (const rental of inOrder) {
    const wallet = wallets.get(rental.walletId);
    if (!wallet || rental.recurringMinor > wallet.balanceMinor + wallet.creditLimitMinor) {
      unpaid.push(rental);
      continue;
    }
    wallet.balanceMinor -= rental.recurringMinor;
    renewed.push(renew(rental));
  }
  return { renewed, unpaid };
}

function renew(rental: DueRenewal): Renewed {
  const cycleNumber = rental.cycleNumber + 1;
  const nextChargeAt = cycleStart(rental.cycle, rental.startedAt, cycleNumber + 1);
  const stillPastDue = rental.pastDueSince !== null && nextChargeAt <= rental.dueAt;
  return { rental, cycleNumber, nextChargeAt, pastDueSince: stillPastDue ? nextChargeAt : null };
}

/**
 * What becomes of a rental that could not be paid when it was tried: released if that was the try at the end of its
 * grace, else tried again at the next whole day since it fell due, or at the end of the grace if that is sooner.
 */
export function judgeUnpaid(rental: DueRenewal, { graceSeconds, reclaimSeconds }: Grace, now: Date): Unpaid {
  const pastDueSince = rental.pastDueSince ?? rental.nextChargeAt;
  const graceEnd = addSeconds(pastDueSince, graceSeconds);
  if (rental.dueAt >= graceEnd) {
    const reclaimUntil = addSeconds(graceEnd, reclaimSeconds);
    return { kind: 'released', rental, releasedAt: graceEnd, reclaimUntil };
  }
  const daysPast = Math.floor((now.getTime() - pastDueSince.getTime()) / (secondsPerDay * 1000));
  const nextDay = addSeconds(pastDueSince, (daysPast + 1) * secondsPerDay);
  return { kind: 'waits', rental, pastDueSince, retryAt: nextDay < graceEnd ? nextDay : graceEnd };
}
