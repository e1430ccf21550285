import {
  affordable,
  chargeCycle,
  cycleStart,
  dropPointers,
  endRental,
  floorSecond,
  heldRental,
  nextChargeAt,
  of,
  post,
  Refusal,
  rentalOfNumber,
  walletOf,
  windowIsOver,
} from './model.js';
import type { Rental, TargetKind, World } from './model.js';

export type Leaves = 'after_window' | 'after_cancel_window' | 'end_of_cycle' | 'now';

export interface Released {
  readonly state: 'pending_release' | 'ended';
  readonly releasedAt: number;
  readonly reclaimUntil: number;
  readonly fee: number;
}

function leavesAt(world: World, rental: Rental, leaves: Leaves): number {
  switch (leaves) {
    case 'now':
      return world.now;
    case 'end_of_cycle':
      return floorSecond(nextChargeAt(rental));
    case 'after_window':
      return world.now + world.policies.reclaim;
    case 'after_cancel_window':
      return world.now + world.policies.cancel;
  }
}

/** Gives a number up. What it costs is taken once: ending a release that is pending costs nothing more. */
export function release(world: World, account: string, id: string, leaves: Leaves): Released | Refusal {
  const rental = heldRental(world, account, id);
  if (rental instanceof Refusal) return rental;
  const pending = rental.state === 'pending_release';
  if (pending && leaves !== 'now') return new Refusal('wrong_state');
  const until = leavesAt(world, rental, leaves);
  const { currency } = rental.price;
  const fee = pending ? 0 : (of(world.accounts, rental.payer).releaseFees[currency] ?? 0);
  if (fee > affordable(walletOf(world, rental.payer, currency)) && fee > 0) {
    return new Refusal('insufficient_funds');
  }
  if (fee > 0) payFee(world, rental, fee, 'release_fee');
  rental.fee += fee;
  if (until <= world.now) {
    endRental(world, rental, world.now + world.policies.quarantine);
    return { state: 'ended', releasedAt: world.now, reclaimUntil: world.now, fee: rental.fee };
  }
  dropPointers(rental);
  rental.stateBefore = rental.state as Rental['stateBefore'];
  Object.assign(rental, { state: 'pending_release', releasedAt: world.now, reclaimUntil: until });
  return { state: 'pending_release', releasedAt: world.now, reclaimUntil: until, fee };
}

function payFee(world: World, rental: Rental, amount: number, kind: 'release_fee' | 'refund'): void {
  const { payer: account, id, price } = rental;
  post(world, { account, currency: price.currency, kind, amount, rental: id, cycle: null, at: world.now });
}

export interface Reclaimed {
  readonly state: string;
  readonly charged: number;
  readonly refunded: number;
}

/** Undoes a release: the fee comes back, cycles that have begun meanwhile are charged and dated by their beginnings. */
export function reclaim(world: World, account: string, id: string): Reclaimed | Refusal {
  const rental = heldRental(world, account, id);
  if (rental instanceof Refusal) return rental;
  if (rental.state !== 'pending_release') return new Refusal('wrong_state');
  const missed: number[] = [];
  for (let cycle = rental.paidCycles; cycleStart(rental, cycle) <= world.now; cycle++) {
    missed.push(cycleStart(rental, cycle));
  }
  const charged = missed.length * rental.price.recurring;
  const refunded = rental.fee;
  const wallet = walletOf(world, rental.payer, rental.price.currency);
  if (charged > 0 && charged > affordable(wallet) + refunded) return new Refusal('insufficient_funds');
  if (refunded > 0) payFee(world, rental, refunded, 'refund');
  for (const dueAt of missed) chargeCycle(world, rental, dueAt);
  const state = rental.stateBefore ?? 'active';
  Object.assign(rental, { state, stateBefore: null, releasedAt: null, reclaimUntil: null, fee: 0 });
  Object.assign(rental, { pastDueSince: null, retryAt: null });
  restorePointers(world, rental);
  return { state, charged, refunded };
}

/** As far as what it pointed at is still there. */
function restorePointers(world: World, rental: Rental): void {
  const { targets } = of(world.accounts, rental.account);
  for (const [kind, target] of Object.entries(rental.dropped) as [TargetKind, string][]) {
    if (targets[kind].includes(target)) rental.pointers[kind] = { target, at: world.now };
  }
  rental.dropped = {};
}

function routable(world: World, account: string, id: string): Rental | Refusal {
  const rental = heldRental(world, account, id);
  if (rental instanceof Refusal) return rental;
  return rental.state === 'pending_release' ? new Refusal('wrong_state') : rental;
}

export function assign(
  world: World,
  account: string,
  id: string,
  { kind, target, replace }: { kind: TargetKind; target: string; replace: boolean },
): { readonly at: number } | Refusal {
  const rental = routable(world, account, id);
  if (rental instanceof Refusal) return rental;
  if (!of(world.accounts, account).targets[kind].includes(target)) return new Refusal('not_found');
  const before = rental.pointers[kind];
  if (before && !replace) return new Refusal('already_assigned');
  if (before?.target !== target) rental.pointers[kind] = { target, at: world.now };
  return { at: rental.pointers[kind]?.at ?? world.now };
}

export function unassign(world: World, account: string, id: string, kind: TargetKind): Rental | Refusal {
  const rental = routable(world, account, id);
  if (rental instanceof Refusal) return rental;
  if (!rental.pointers[kind]) return new Refusal('not_found');
  Reflect.deleteProperty(rental.pointers, kind);
  return rental;
}

/** A target is gone: what pointed at it points nowhere. */
export function deleteTarget(
  world: World,
  account: string,
  kind: TargetKind,
  target: string,
): true | Refusal {
  const { targets } = of(world.accounts, account);
  const index = targets[kind].indexOf(target);
  if (index === -1) return new Refusal('not_found');
  targets[kind].splice(index, 1);
  for (const { pointers } of world.rentals.values()) {
    if (pointers[kind]?.target === target) Reflect.deleteProperty(pointers, kind);
  }
  return true;
}

/** A rental that is somebody's to see; a release whose window is over is nobody's. */
function visibleOf(world: World, number: string): Rental | undefined {
  const rental = rentalOfNumber(world, number);
  return rental && !windowIsOver(world, rental) ? rental : undefined;
}

/** A sub-account has none of its own: it finds neither account nor number. */
export function handOver(world: World, parent: string, sub: string, number: string): Rental | Refusal {
  if (of(world.accounts, parent).parent !== null) return new Refusal('forbidden');
  const rental = visibleOf(world, number);
  if (!rental || (rental.account !== parent && rental.account !== sub)) return new Refusal('not_found');
  if (rental.account === sub) return rental;
  return move(rental, sub);
}

/** A call that was too lately keeps the number with the sub-account. */
export function takeBack(world: World, parent: string, sub: string, number: string): Rental | Refusal {
  if (of(world.accounts, parent).parent !== null) return new Refusal('forbidden');
  const rental = visibleOf(world, number);
  if (rental?.account !== sub) return new Refusal('not_found');
  if (rental.state === 'pending_release') return new Refusal('wrong_state');
  const { lastCallAt } = of(world.numbers, number);
  const coolsUntil = lastCallAt === null ? 0 : lastCallAt + world.policies.coolOff;
  return coolsUntil > world.now ? new Refusal('cool_off_in_effect') : move(rental, parent);
}

/** What it pointed at belongs to whoever had it. */
function move(rental: Rental, to: string): Rental | Refusal {
  if (rental.state === 'pending_release') return new Refusal('wrong_state');
  rental.account = to;
  rental.pointers = {};
  return rental;
}
