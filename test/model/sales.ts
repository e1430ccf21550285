import {
  affordable,
  endHold,
  floorSecond,
  holdInForce,
  holdsOfFamily,
  isFree,
  isListed,
  nextChargeAt,
  of,
  payerOf,
  post,
  Refusal,
  rentalOfNumber,
  windowIsOver,
} from './model.js';
import type { Currency, Hold, Numeral, Price, Rental, Wallet, World } from './model.js';

/** What one wants: a number by name, by a hold of one's own, or any of a group. */
export type Want =
  { readonly number: string } | { readonly reservation: string } | { readonly group: string };

/** What the exchange gave, where the choice was its own; the number is null where its answer does not say. */
export interface Given {
  readonly number: string | null;
}

/**
 * The number that a want comes to. For any of a group, `given` is what the exchange chose, and must have been free.
 * Numbers of a group are alike, so for an answer that names none any will do; "sold out" means that nothing is listed.
 */
function claim(
  world: World,
  account: string,
  want: Want,
  given: Given,
  kind: 'buy' | 'reserve',
): Numeral | Refusal {
  if ('group' in want) {
    const shelf = [...world.numbers.values()].filter((numeral) => numeral.group === want.group);
    if (given.number === null) {
      return shelf.find((numeral) => isListed(world, numeral)) ?? new Refusal('group_sold_out');
    }
    const chosen = of(world.numbers, given.number);
    const fits = chosen.group === want.group && isFree(world, chosen);
    return fits ? chosen : new Refusal('(another number of the group: this one is not free)');
  }
  if ('reservation' in want && !holdInForce(world, want.reservation)) return new Refusal('not_found');
  const named = 'reservation' in want ? world.holds.get(want.reservation)?.number : want.number;
  const numeral = named === undefined ? undefined : world.numbers.get(named);
  if (!numeral) return new Refusal('not_found');
  const hold = holdInForce(world, numeral.hold);
  const mine = hold?.account === account;
  if ('reservation' in want && !(mine && hold.id === want.reservation)) return new Refusal('not_found');
  const rental = rentalOfNumber(world, numeral.number);
  if (rental?.account === account && !windowIsOver(world, rental)) return new Refusal('already_owned');
  if (isFree(world, numeral) || (mine && kind === 'buy')) return numeral;
  return new Refusal('number_unavailable');
}

/** Holds a number. `id` is the name that the exchange gave the hold. */
export function reserve(
  world: World,
  account: string,
  want: Want,
  given: Given & { readonly id: string },
): Hold | Refusal {
  const { reservation, reservationsMax } = world.policies;
  if (holdsOfFamily(world, account).length >= reservationsMax)
    return new Refusal('reservation_limit_reached');
  const numeral = claim(world, account, want, given, 'reserve');
  if (numeral instanceof Refusal) return numeral;
  endHold(world, numeral);
  const expiresAt = floorSecond(world.now + reservation);
  const hold = { id: given.id, account, number: numeral.number, createdAt: world.now, expiresAt };
  Object.assign(numeral, { mark: 'stock', restsUntil: null, hold: hold.id });
  world.holds.set(hold.id, hold);
  world.holders.set(hold.id, account);
  return hold;
}

function ownHold(world: World, account: string, id: string): Hold | Refusal {
  const hold = holdInForce(world, id);
  return hold?.account === account ? hold : new Refusal('not_found');
}

/** The full length again, from now, but not past the longest time of a hold; it never ends sooner. */
export function extend(world: World, account: string, id: string): Hold | Refusal {
  const hold = ownHold(world, account, id);
  if (hold instanceof Refusal) return hold;
  const { reservation, reservationTotal } = world.policies;
  const wanted = Math.min(
    floorSecond(world.now + reservation),
    floorSecond(hold.createdAt + reservationTotal),
  );
  hold.expiresAt = Math.max(hold.expiresAt, wanted);
  return hold;
}

export function cancel(world: World, account: string, id: string): Hold | Refusal {
  const hold = ownHold(world, account, id);
  if (!(hold instanceof Refusal)) endHold(world, of(world.numbers, hold.number));
  return hold;
}

export interface Order {
  readonly wants: readonly Want[];
  readonly mode: 'all_or_nothing' | 'best_effort';
  readonly currency: Currency | undefined;
  readonly unmet: 'refuse' | 'await';
}

/** What became of a line: the exchange's answer, or what it should have been. */
export type Line = Rental | Refusal;

function choosePayer(world: World, account: string, currency: Currency | undefined): Wallet | Refusal {
  const { wallets } = payerOf(world, account);
  const wallet = currency === undefined ? wallets[0] : wallets.find((one) => one.currency === currency);
  return wallet ?? new Refusal('no_wallet');
}

function buyLine(
  world: World,
  account: string,
  order: Order,
  want: Want,
  wallet: Wallet,
  given: Given & { readonly id: string },
): Line {
  const numeral = claim(world, account, want, given, 'buy');
  if (numeral instanceof Refusal) return numeral;
  const shelf = of(world.shelves, numeral.group);
  const price = shelf.prices.find((one) => one.currency === wallet.currency);
  if (!price) return new Refusal('not_offered');
  if (shelf.needsRegistration && order.unmet === 'refuse') return new Refusal('requirements_unmet');
  if (price.setup + price.recurring > affordable(wallet)) return new Refusal('insufficient_funds');
  endHold(world, numeral);
  Object.assign(numeral, { mark: 'rented', restsUntil: null });
  const rental = newRental(world, account, numeral, price, given.id);
  rental.state = shelf.needsRegistration ? 'awaiting_registration' : 'active';
  world.rentals.set(rental.id, rental);
  post(world, {
    account: rental.payer,
    currency: price.currency,
    kind: 'rental',
    amount: price.setup + price.recurring,
    rental: rental.id,
    cycle: 0,
    at: world.now,
  });
  return rental;
}

function newRental(world: World, account: string, { number }: Numeral, price: Price, id: string): Rental {
  const { newNumbers } = of(world.accounts, account);
  return {
    id,
    number,
    account,
    payer: payerOf(world, account).name,
    price,
    startedAt: world.now,
    paidCycles: 1,
    state: 'active',
    stateBefore: null,
    pastDueSince: null,
    retryAt: null,
    releasedAt: null,
    reclaimUntil: null,
    fee: 0,
    pointers: newNumbers === null ? {} : { application: { target: newNumbers, at: world.now } },
    dropped: {},
  };
}

/** Another account's hold does not exist for this one, and refuses the order; an own one that is over fails its line alone. */
export function namesForeignHold(world: World, account: string, { wants }: Order): boolean {
  return wants.some((want) => 'reservation' in want && world.holders.get(want.reservation) !== account);
}

/**
 * Buys line by line, each after what the ones before it have left; all or none where that was asked. Gives the lines, or
 * the one refusal of an order of a single line or without a wallet. `world` may be replaced: use the one that is given.
 */
export function buy(
  world: World,
  account: string,
  order: Order,
  given: readonly (Given & { readonly id: string })[],
): { readonly world: World; readonly lines: readonly Line[] | Refusal } {
  const before = structuredClone(world);
  if (namesForeignHold(world, account, order)) return { world, lines: new Refusal('not_found') };
  const wallet = choosePayer(world, account, order.currency);
  if (wallet instanceof Refusal) return { world, lines: wallet };
  const lines = order.wants.map((want, index) =>
    buyLine(world, account, order, want, wallet, given[index] ?? { number: null, id: '' }),
  );
  const failed = lines.find((line) => line instanceof Refusal);
  const [only, second] = lines;
  if (only instanceof Refusal && !second) return { world, lines: only };
  if (!failed || order.mode === 'best_effort') return { world, lines };
  return {
    world: before,
    lines: lines.map((line) => (line instanceof Refusal ? line : new Refusal('order_abandoned'))),
  };
}

/** What an order's line says of a number that was bought. */
export function boughtView(rental: Rental): Record<string, unknown> {
  const { price } = rental;
  return {
    number: rental.number,
    state: rental.state,
    price: `${price.setup}+${price.recurring} ${price.currency} per ${price.cycle}`,
    started_at: new Date(rental.startedAt).toISOString(),
    next_charge_at: new Date(nextChargeAt(rental)).toISOString(),
  };
}
