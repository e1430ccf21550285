/**
 * What the exchange is, in a few plain objects: written from docs/number-states.md, docs/operations/due-work.md and the
 * own API's reference, and from nothing in src/. Where this and the exchange differ, one of them is wrong.
 *
 * Time is in milliseconds, money in minor units. Ids are those that the exchange gave out.
 */

export const second = 1000;
export const day = 86_400 * second;

export type TargetKind = 'agent' | 'trunk' | 'application';
export type Currency = 'EUR' | 'USD';
export type HeldState = 'active' | 'awaiting_registration' | 'suspended';

export interface Price {
  readonly currency: Currency;
  readonly setup: number;
  readonly recurring: number;
  readonly cycle: '28d' | 'month';
}

export interface Policies {
  readonly reservation: number;
  readonly reservationTotal: number;
  readonly reservationsMax: number;
  readonly reclaim: number;
  readonly cancel: number;
  readonly quarantine: number;
  readonly grace: number;
  readonly registration: number;
  readonly idempotency: number;
  readonly coolOff: number;
}

export interface Shelf {
  readonly group: string;
  readonly prices: readonly Price[];
  readonly needsRegistration: boolean;
}

export interface Wallet {
  readonly currency: Currency;
  balance: number;
  readonly limit: number;
  /** Money has come in since the past dues were last looked at. */
  funded: boolean;
}

export interface Account {
  readonly name: string;
  readonly parent: string | null;
  /** First opened first; a sub-account's are its parent's. */
  readonly wallets: Wallet[];
  readonly releaseFees: Readonly<Partial<Record<Currency, number>>>;
  readonly targets: Readonly<Record<TargetKind, string[]>>;
  /** The application that new numbers point at. */
  newNumbers: string | null;
}

export interface Hold {
  readonly id: string;
  readonly account: string;
  readonly number: string;
  readonly createdAt: number;
  expiresAt: number;
}

export interface Numeral {
  readonly number: string;
  readonly group: string;
  /** As it is marked: a window or rest that is over changes it only when due work has run. */
  mark: 'stock' | 'rented' | 'resting';
  hold: string | null;
  restsUntil: number | null;
  lastCallAt: number | null;
}

export interface Pointer {
  readonly target: string;
  readonly at: number;
}

export interface Rental {
  readonly id: string;
  readonly number: string;
  account: string;
  /** Whose wallet pays. */
  readonly payer: string;
  readonly price: Price;
  readonly startedAt: number;
  /** Cycles paid so far. */
  paidCycles: number;
  state: HeldState | 'pending_release' | 'ended';
  stateBefore: HeldState | null;
  pastDueSince: number | null;
  retryAt: number | null;
  releasedAt: number | null;
  reclaimUntil: number | null;
  fee: number;
  pointers: Partial<Record<TargetKind, Pointer>>;
  /** What it pointed at when it was released. */
  dropped: Partial<Record<TargetKind, string>>;
}

export interface Transfer {
  readonly account: string;
  readonly currency: Currency;
  readonly kind: 'deposit' | 'rental' | 'release_fee' | 'refund';
  readonly amount: number;
  readonly rental: string | null;
  readonly cycle: number | null;
  readonly at: number;
}

/** A request that was answered under an idempotency key. */
export interface Remembered {
  readonly key: string;
  readonly as: string;
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
  readonly status: number;
  readonly answer: unknown;
  readonly at: number;
}

/** All of it, as data that can be cloned: a race is explained by trying its orders on copies. */
export interface World {
  now: number;
  readonly policies: Policies;
  readonly shelves: Map<string, Shelf>;
  readonly accounts: Map<string, Account>;
  readonly numbers: Map<string, Numeral>;
  readonly holds: Map<string, Hold>;
  /** Whose a hold is or was. */
  readonly holders: Map<string, string>;
  readonly rentals: Map<string, Rental>;
  readonly transfers: Transfer[];
  remembered: Remembered[];
}

/** What the exchange says no with. */
export class Refusal {
  constructor(readonly code: string) {}
}

export function of<K, V>(map: ReadonlyMap<K, V>, key: K): V {
  const value = map.get(key);
  if (value === undefined) throw new Error(`the model has no ${String(key)}`);
  return value;
}

export const floorSecond = (at: number): number => Math.floor(at / second) * second;

/** When a cycle begins: whole days after the start, or its day of the month, clipped in shorter months. */
export function cycleStart({ price, startedAt }: Rental, cycle: number): number {
  if (price.cycle === '28d') return startedAt + cycle * 28 * day;
  const start = new Date(startedAt);
  const month = start.getUTCMonth() + cycle;
  const daysInMonth = new Date(Date.UTC(start.getUTCFullYear(), month + 1, 0)).getUTCDate();
  const dayOfMonth = Math.min(start.getUTCDate(), daysInMonth);
  return Date.UTC(start.getUTCFullYear(), month, dayOfMonth) + (startedAt % day);
}

export const nextChargeAt = (rental: Rental): number => cycleStart(rental, rental.paidCycles);

export function payerOf(world: World, account: string): Account {
  const own = of(world.accounts, account);
  return own.parent === null ? own : of(world.accounts, own.parent);
}

export function walletOf(world: World, account: string, currency: Currency): Wallet {
  const wallet = of(world.accounts, account).wallets.find((candidate) => candidate.currency === currency);
  if (!wallet) throw new Error(`${account} has no ${currency} wallet in the model`);
  return wallet;
}

export const affordable = (wallet: Wallet): number => wallet.balance + wallet.limit;

/** Moves money and writes it down: `deposit` and `refund` come in, the others go out. */
export function post(world: World, transfer: Transfer): void {
  const wallet = walletOf(world, transfer.account, transfer.currency);
  const comesIn = transfer.kind === 'deposit' || transfer.kind === 'refund';
  wallet.balance += comesIn ? transfer.amount : -transfer.amount;
  if (comesIn) wallet.funded = true;
  world.transfers.push(transfer);
}

export function chargeCycle(world: World, rental: Rental, at: number): void {
  post(world, {
    account: rental.payer,
    currency: rental.price.currency,
    kind: 'rental',
    amount: rental.price.recurring,
    rental: rental.id,
    cycle: rental.paidCycles,
    at,
  });
  rental.paidCycles++;
}

/** A hold that means something: past its end it does not, whatever has been cleaned up. */
export function holdInForce(world: World, id: string | null): Hold | undefined {
  const hold = id === null ? undefined : world.holds.get(id);
  return hold && hold.expiresAt > world.now ? hold : undefined;
}

export function holdsOf(world: World, account: string): Hold[] {
  return [...world.holds.values()].filter((hold) => hold.account === account && hold.expiresAt > world.now);
}

/** Holds in force of a paying account and its sub-accounts, which share one limit. */
export function holdsOfFamily(world: World, account: string): Hold[] {
  const payer = payerOf(world, account).name;
  return [...world.accounts.keys()]
    .filter((name) => payerOf(world, name).name === payer)
    .flatMap((name) => holdsOf(world, name));
}

/** A release whose window is over is gone for its holder, by the clock alone. */
export function windowIsOver(world: World, rental: Rental): boolean {
  return rental.state === 'pending_release' && (rental.reclaimUntil ?? 0) <= world.now;
}

/** The rental as its holder sees it. */
export function heldRental(world: World, account: string, id: string): Rental | Refusal {
  const rental = world.rentals.get(id);
  const gone = !rental || rental.state === 'ended' || windowIsOver(world, rental);
  return gone || rental.account !== account ? new Refusal('not_found') : rental;
}

export function rentalOfNumber(world: World, number: string): Rental | undefined {
  return [...world.rentals.values()].find((rental) => rental.number === number && rental.state !== 'ended');
}

/** Free to take by name: in stock and not held, or at the end of its rest, whether or not due work has run. */
export function isFree(world: World, numeral: Numeral): boolean {
  if (numeral.mark === 'resting') return (numeral.restsUntil ?? 0) <= world.now;
  return numeral.mark === 'stock' && holdInForce(world, numeral.hold) === undefined;
}

/** Found by a search and given out as "any of the group": only what is marked as in stock. */
export function isListed(world: World, numeral: Numeral): boolean {
  return numeral.mark === 'stock' && isFree(world, numeral);
}

export function endHold(world: World, numeral: Numeral): void {
  if (numeral.hold !== null) world.holds.delete(numeral.hold);
  numeral.hold = null;
}

/** The rental is over; its number rests until then, or is in stock at once. */
export function endRental(world: World, rental: Rental, restsUntil: number): void {
  const numeral = of(world.numbers, rental.number);
  const rests = restsUntil > world.now;
  numeral.mark = rests ? 'resting' : 'stock';
  numeral.restsUntil = rests ? restsUntil : null;
  rental.state = 'ended';
  rental.pointers = {};
}

/** Gives up what a rental points at, so that undoing the release can restore it. */
export function dropPointers(rental: Rental): void {
  const dropped: Rental['dropped'] = {};
  for (const [kind, pointer] of Object.entries(rental.pointers)) dropped[kind as TargetKind] = pointer.target;
  rental.dropped = dropped;
  rental.pointers = {};
}
