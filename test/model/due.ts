import {
  affordable,
  chargeCycle,
  day,
  dropPointers,
  endHold,
  endRental,
  nextChargeAt,
  of,
  walletOf,
} from './model.js';
import type { Rental, World } from './model.js';

/** What happens by the clock alone, as docs/operations/due-work.md has it: everything in order of its own due time. */
export function doDueWork(world: World): void {
  world.remembered = world.remembered.filter(({ at }) => at + world.policies.idempotency > world.now);
  for (const hold of [...world.holds.values()]) {
    const numeral = of(world.numbers, hold.number);
    if (hold.expiresAt <= world.now && numeral.hold === hold.id) endHold(world, numeral);
  }
  recall(world);
  for (let rental = firstDue(world); rental; rental = firstDue(world)) tryCharge(world, rental);
  for (const rental of world.rentals.values()) {
    if (deadlineOf(world, rental) <= world.now) rental.state = 'suspended';
  }
  for (const rental of world.rentals.values()) {
    if (rental.state !== 'pending_release' || (rental.reclaimUntil ?? 0) > world.now) continue;
    endRental(world, rental, (rental.reclaimUntil ?? 0) + world.policies.quarantine);
  }
  for (const numeral of world.numbers.values()) {
    if (numeral.mark === 'resting' && (numeral.restsUntil ?? 0) <= world.now) {
      Object.assign(numeral, { mark: 'stock', restsUntil: null });
    }
  }
}

/** When documents have been outstanding for too long; never for those that wait for none. */
function deadlineOf(world: World, { state, startedAt }: Rental): number {
  return state === 'awaiting_registration' ? startedAt + world.policies.registration : Infinity;
}

/** Money came in: what its wallet owes is tried at once. */
function recall(world: World): void {
  for (const rental of world.rentals.values()) {
    if (!isCharged(rental) || rental.retryAt === null || rental.retryAt <= world.now) continue;
    if (walletOf(world, rental.payer, rental.price.currency).funded) rental.retryAt = world.now;
  }
  for (const account of world.accounts.values()) {
    for (const wallet of account.wallets) wallet.funded = false;
  }
}

/** Nothing is charged while a release is pending. */
const isCharged = ({ state }: Rental): boolean => state !== 'pending_release' && state !== 'ended';

const tryAt = (rental: Rental): number => rental.retryAt ?? nextChargeAt(rental);

const byId = (a: string, b: string): number => a.length - b.length || (a < b ? -1 : 1);

/** A wallet that cannot cover all pays the charge that fell due first; of two at once, which no page orders, the lower id. */
function firstDue(world: World): Rental | undefined {
  const due = [...world.rentals.values()].filter((rental) => isCharged(rental) && tryAt(rental) <= world.now);
  due.sort((a, b) => nextChargeAt(a) - nextChargeAt(b) || byId(a.id, b.id));
  return due[0];
}

function tryCharge(world: World, rental: Rental): void {
  const triedAt = tryAt(rental);
  const wallet = walletOf(world, rental.payer, rental.price.currency);
  if (rental.price.recurring <= affordable(wallet)) {
    chargeCycle(world, rental, triedAt);
    // A cycle after it may be overdue as well; it is tried at once.
    const stillOwes = rental.pastDueSince !== null && nextChargeAt(rental) <= triedAt;
    rental.pastDueSince = stillOwes ? nextChargeAt(rental) : null;
    rental.retryAt = stillOwes ? triedAt : null;
    return;
  }
  rental.pastDueSince ??= nextChargeAt(rental);
  const graceEnd = rental.pastDueSince + world.policies.grace;
  if (triedAt >= graceEnd) {
    releaseUnpaid(world, rental, graceEnd);
    return;
  }
  // Every 24 hours from the day it fell due, and at the end of the grace.
  const daysPast = Math.floor((world.now - rental.pastDueSince) / day);
  rental.retryAt = Math.min(rental.pastDueSince + (daysPast + 1) * day, graceEnd);
}

/** As if its holder had released it at the end of the grace. */
function releaseUnpaid(world: World, rental: Rental, at: number): void {
  dropPointers(rental);
  rental.stateBefore = rental.state as Rental['stateBefore'];
  Object.assign(rental, { state: 'pending_release', releasedAt: at, fee: 0 });
  Object.assign(rental, { reclaimUntil: at + world.policies.reclaim, pastDueSince: null, retryAt: null });
}
