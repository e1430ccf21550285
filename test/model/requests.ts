import { record } from '../support/calls.js';
import { at } from '../support/request.js';
import { expectSame, iso, priceText } from './compare.js';
import type { Exchange, HttpAnswer, Sending } from './exchange.js';
import { assign, deleteTarget, handOver, reclaim, release, takeBack, unassign } from './holding.js';
import type { Leaves } from './holding.js';
import { holdsOf, of, post, Refusal, walletOf } from './model.js';
import type { Currency, Rental, TargetKind, World } from './model.js';
import { boughtView, buy, cancel, extend, namesForeignHold, reserve } from './sales.js';
import type { Line, Order, Want } from './sales.js';

/**
 * One request of the own API, and what its answer must be: `judge` does it in the model, compares, and gives the world as
 * it is after. It throws when the answer cannot be.
 */
export interface Asked extends Sending {
  /** Refused before anything is remembered: what it names was never there for this account. */
  readonly leavesNoRecord?: boolean;
  readonly judge: (world: World, answer: HttpAnswer) => World;
}

/** What fast-check draws: a verb, and numbers that choose among whatever there is when it runs. */
export interface Draft {
  readonly verb: Verb;
  readonly who: number;
  readonly x: number;
  readonly y: number;
  readonly z: number;
}

type Maker = (world: World, exchange: Exchange, draft: Draft) => Asked | undefined;

const pick = <T>(list: readonly T[], n: number): T | undefined => list[n % list.length];

/** The model's verdict against the answer's: the same refusal by its code, or success. True for success. */
function agreed<T>(answer: HttpAnswer, predicted: T | Refusal): predicted is T {
  const expected = predicted instanceof Refusal ? predicted.code : 'success';
  const actual = answer.status < 300 ? 'success' : (at(answer.body, 'code') ?? answer.body);
  expectSame(actual, expected, 'the answer');
  return !(predicted instanceof Refusal);
}

function accountOf(world: World, { who }: Draft): string {
  return [...world.accounts.keys()][who % world.accounts.size] ?? '';
}

/** A rental that may be over, and mostly whoever holds it, sometimes somebody else. */
function rentalOf(world: World, draft: Draft): { rental: Rental; as: string } | undefined {
  const open = [...world.rentals.values()].filter((rental) => rental.state !== 'ended');
  const among = draft.x % 8 === 7 || open.length === 0 ? [...world.rentals.values()] : open;
  const rental = pick(among, draft.y);
  return rental && { rental, as: draft.who % 5 === 4 ? accountOf(world, draft) : rental.account };
}

function wantOf(world: World, account: string, n: number, kind: 'buy' | 'reserve'): Want {
  const numbers = [...world.numbers.keys()];
  const groups = [...world.shelves.keys()];
  if (n % 4 === 0) return { group: pick(groups, Math.floor(n / 4)) ?? '' };
  if (n % 4 === 1 && kind === 'buy') {
    const own = holdsOf(world, account);
    const hold = pick(own.length > 0 ? own : [...world.holds.values()], Math.floor(n / 4));
    if (hold) return { reservation: hold.id };
  }
  return { number: pick(numbers, Math.floor(n / 4)) ?? '' };
}

function spelled(want: Want): Record<string, string> {
  if ('group' in want) return { group_id: want.group };
  return 'reservation' in want ? { reservation_id: want.reservation } : { number: want.number };
}

const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);

const makers = {
  reserve: (world, _exchange, draft) => {
    const as = accountOf(world, draft);
    const want = wantOf(world, as, draft.x, 'reserve');
    const judge: Asked['judge'] = (inner, answer) => {
      const given = { number: text(at(answer.body, 'number')), id: text(at(answer.body, 'id')) ?? '' };
      const hold = reserve(inner, as, want, answer.status < 300 ? given : { number: null, id: '' });
      if (agreed(answer, hold)) {
        expectSame(at(answer.body, 'number'), hold.number, 'the number held');
        expectSame(at(answer.body, 'expires_at'), iso(hold.expiresAt), 'the end of the hold');
      }
      return inner;
    };
    return { as, method: 'POST', path: '/reservations', body: spelled(want), judge };
  },
  extend: (world, _exchange, draft) => holdRequest(world, draft, 'extend'),
  cancel: (world, _exchange, draft) => holdRequest(world, draft, 'cancel'),
  buy: (world, _exchange, draft) => order(world, draft, 1),
  order: (world, _exchange, draft) => order(world, draft, 2 + (draft.y % 3)),
  release: (world, _exchange, draft) => {
    const found = rentalOf(world, draft);
    if (!found) return undefined;
    const ways: readonly Leaves[] = ['after_window', 'after_cancel_window', 'end_of_cycle', 'now'];
    const leaves = pick(ways, draft.z) ?? 'now';
    const { as, rental } = found;
    const judge: Asked['judge'] = (inner, answer) => {
      const released = release(inner, as, rental.id, leaves);
      if (agreed(answer, released)) {
        expectSame(at(answer.body, 'state'), released.state, 'the state');
        expectSame(at(answer.body, 'released_at'), iso(released.releasedAt), 'the time of release');
        expectSame(at(answer.body, 'reclaim_until'), iso(released.reclaimUntil), 'the end of the window');
        expectSame(at(answer.body, 'fee_minor'), released.fee, 'the fee');
      }
      return inner;
    };
    return { as, method: 'DELETE', path: `/rentals/${rental.id}?leaves=${leaves}`, judge };
  },
  reclaim: (world, _exchange, draft) => {
    const pending = [...world.rentals.values()].filter((rental) => rental.state === 'pending_release');
    const chosen = draft.x % 8 === 7 ? undefined : pick(pending, draft.y);
    const found = chosen ? { rental: chosen, as: chosen.account } : rentalOf(world, draft);
    if (!found) return undefined;
    const { as, rental } = found;
    const judge: Asked['judge'] = (inner, answer) => {
      const reclaimed = reclaim(inner, as, rental.id);
      if (agreed(answer, reclaimed)) {
        expectSame(at(answer.body, 'state'), reclaimed.state, 'the state');
        expectSame(at(answer.body, 'charged_minor'), reclaimed.charged, 'the charge');
        expectSame(at(answer.body, 'refunded_minor'), reclaimed.refunded, 'the refund');
      }
      return inner;
    };
    return { as, method: 'POST', path: `/rentals/${rental.id}/reclaim`, judge };
  },
  assign: (world, _exchange, draft) => {
    const found = rentalOf(world, draft);
    if (!found) return undefined;
    const { as, rental } = found;
    const kind = pick<TargetKind>(['agent', 'agent', 'trunk', 'application'], draft.x) ?? 'agent';
    const owner = draft.z % 9 === 8 ? accountOf(world, draft) : as;
    const target = pick(of(world.accounts, owner).targets[kind], draft.z);
    if (target === undefined) return undefined;
    const replace = draft.z % 3 !== 2;
    const judge: Asked['judge'] = (inner, answer) => {
      const assigned = assign(inner, as, rental.id, { kind, target, replace });
      if (agreed(answer, assigned))
        expectSame(at(answer.body, 'assigned_at'), iso(assigned.at), 'since when');
      return inner;
    };
    const body = { [`${kind}_id`]: target, replace };
    return { as, method: 'PUT', path: `/rentals/${rental.id}/assignment`, body, judge };
  },
  unassign: (world, _exchange, draft) => {
    const found = rentalOf(world, draft);
    if (!found) return undefined;
    const { as, rental } = found;
    const pointed = Object.keys(rental.pointers) as TargetKind[];
    const kind = pick(pointed, draft.z) ?? 'agent';
    const judge: Asked['judge'] = (inner, answer) => {
      agreed(answer, unassign(inner, as, rental.id, kind));
      return inner;
    };
    return { as, method: 'DELETE', path: `/rentals/${rental.id}/assignment?kind=${kind}`, judge };
  },
  deleteTarget: (world, _exchange, draft) => {
    const as = accountOf(world, draft);
    const kind = pick<TargetKind>(['agent', 'trunk'], draft.x) ?? 'agent';
    const target = pick(of(world.accounts, as).targets[kind], draft.y);
    if (target === undefined) return undefined;
    const judge: Asked['judge'] = (inner, answer) => {
      agreed(answer, deleteTarget(inner, as, kind, target));
      return inner;
    };
    return { as, method: 'DELETE', path: `/${kind}s/${target}`, judge };
  },
  makeTarget: (world, _exchange, draft) => {
    const as = accountOf(world, draft);
    const kind = pick<TargetKind>(['agent', 'trunk'], draft.x) ?? 'agent';
    const judge: Asked['judge'] = (inner, answer) => {
      const id = text(at(answer.body, 'id'));
      if (agreed(answer, true as const)) of(inner.accounts, as).targets[kind].push(id ?? '');
      return inner;
    };
    const body = { name: `Number ${draft.y}`, ...(kind === 'trunk' ? { domain: 'sip.example.com' } : {}) };
    return { as, method: 'POST', path: `/${kind}s`, body, judge };
  },
  handOver: (world, exchange, draft) => moveRequest(world, exchange, draft, 'PUT', handOver),
  takeBack: (world, exchange, draft) => moveRequest(world, exchange, draft, 'DELETE', takeBack),
  deposit: (world, exchange, draft) => {
    const masters = [...world.accounts.values()].filter((account) => account.parent === null);
    const account = pick(masters, draft.who);
    const wallet = account && pick(account.wallets, draft.x);
    if (!account || !wallet) return undefined;
    const { currency } = wallet;
    const amount = [50, 250, 500, 1300, 4000][draft.y % 5] ?? 1;
    const judge: Asked['judge'] = (inner, answer) => {
      const none = { rental: null, cycle: null };
      post(inner, { account: account.name, currency, kind: 'deposit', amount, at: inner.now, ...none });
      const { balance } = walletOf(inner, account.name, currency);
      if (agreed(answer, balance)) expectSame(at(answer.body, 'balance_minor'), balance, 'the balance');
      return inner;
    };
    const path = `/accounts/${exchange.publicId(account.name)}/deposits`;
    return { as: 'operator', method: 'POST', path, body: { amount_minor: amount, currency }, judge };
  },
} satisfies Record<string, Maker>;

export type Verb = keyof typeof makers;

export const verbs = Object.keys(makers) as Verb[];

/** The request that a draft comes to in this world; undefined when there is nothing to do it to. */
export function make(world: World, exchange: Exchange, draft: Draft): Asked | undefined {
  return makers[draft.verb](world, exchange, draft);
}

function holdRequest(world: World, draft: Draft, verb: 'extend' | 'cancel'): Asked | undefined {
  const hold = pick([...world.holds.values()], draft.y);
  if (!hold) return undefined;
  const as = draft.who % 5 === 4 ? accountOf(world, draft) : hold.account;
  const judge: Asked['judge'] = (inner, answer) => {
    const changed = (verb === 'extend' ? extend : cancel)(inner, as, hold.id);
    if (agreed(answer, changed) && verb === 'extend') {
      expectSame(at(answer.body, 'expires_at'), iso(changed.expiresAt), 'the end of the hold');
    }
    return inner;
  };
  const path = `/reservations/${hold.id}`;
  if (verb === 'cancel') return { as, method: 'DELETE', path, judge };
  return { as, method: 'POST', path: `${path}/extend`, judge };
}

function order(world: World, draft: Draft, count: number): Asked {
  const as = accountOf(world, draft);
  const currencies: readonly (Currency | undefined)[] = [undefined, 'EUR', 'USD', undefined];
  const asked: Order = {
    wants: Array.from({ length: count }, (_, n) => wantOf(world, as, draft.x + 7 * n * (1 + draft.z), 'buy')),
    mode: draft.z % 2 === 0 ? 'all_or_nothing' : 'best_effort',
    currency: pick(currencies, draft.z),
    unmet: draft.y % 3 === 0 ? 'refuse' : 'await',
  };
  const body = {
    lines: asked.wants.map(spelled),
    mode: asked.mode,
    ...(asked.currency ? { currency: asked.currency } : {}),
    unmet_requirements: asked.unmet,
  };
  const judge: Asked['judge'] = (inner, answer) => judgeOrder(inner, as, asked, answer);
  const leavesNoRecord = namesForeignHold(world, as, asked);
  return { as, method: 'POST', path: '/orders', body, judge, leavesNoRecord };
}

function judgeOrder(inner: World, as: string, asked: Order, answer: HttpAnswer): World {
  const results = (at(answer.body, 'results') ?? []) as unknown[];
  const given = asked.wants.map((_, n) => ({
    number: text(at(results[n], 'number')),
    id: text(at(results[n], 'rental_id')) ?? `line ${n}`,
  }));
  const bought = buy(inner, as, asked, given);
  const { lines } = bought;
  const told = boughtNothing(asked, lines) ? new Refusal('order_refused') : lines;
  agreed<readonly Line[]>(answer, told);
  if (!(lines instanceof Refusal)) {
    expectSame(results.map(shownLine), lines.map(expectedLine), 'the lines of the order');
  }
  return bought.world;
}

/** An order of several lines, all or none, that has bought none is refused as a whole, with the error of each line. */
function boughtNothing({ mode }: Order, lines: readonly Line[] | Refusal): lines is readonly Line[] {
  return (
    mode === 'all_or_nothing' &&
    !(lines instanceof Refusal) &&
    lines.length > 1 &&
    lines.every((line) => line instanceof Refusal)
  );
}

function expectedLine(line: Line): unknown {
  return line instanceof Refusal ? line.code : boughtView(line);
}

function shownLine(result: unknown): unknown {
  if (at(result, 'ok') !== true) return at(result, 'error.code');
  return {
    number: at(result, 'number'),
    state: at(result, 'state'),
    price: priceText(at(result, 'price')),
    started_at: at(result, 'started_at'),
    next_charge_at: at(result, 'next_charge_at'),
  };
}

function moveRequest(
  world: World,
  exchange: Exchange,
  draft: Draft,
  method: 'PUT' | 'DELETE',
  verb: typeof handOver,
): Asked | undefined {
  const open = [...world.rentals.values()].filter((rental) => rental.state !== 'ended');
  const number = draft.x % 8 === 7 ? pick([...world.numbers.keys()], draft.y) : pick(open, draft.y)?.number;
  if (number === undefined) return undefined;
  const as = draft.who % 8 === 7 ? 'sub' : 'anna';
  const judge: Asked['judge'] = (inner, answer) => {
    const moved = verb(inner, as, 'sub', number);
    if (agreed(answer, moved)) {
      expectSame(at(answer.body, 'holder'), exchange.publicId(moved.account), 'the holder');
    }
    return inner;
  };
  const path = `/sub-accounts/${exchange.publicId('sub')}/numbers/${number}`;
  return { as, method, path, judge, leavesNoRecord: as === 'sub' };
}

/** A call on a number that somebody rents, ending now. */
export async function makeCall(world: World, exchange: Exchange, n: number): Promise<void> {
  const open = [...world.rentals.values()].filter((rental) => rental.state !== 'ended');
  const number = pick(open, n)?.number;
  if (number === undefined) return;
  const line = { direction: 'inbound', from: '+4915112345678', to: number, startedAt: iso(world.now) ?? '' };
  const over = { endedAt: line.startedAt, duration: 0, billable: 0, hangupCause: 'NORMAL_CLEARING' };
  const [outcome] = await record(exchange.base, [{ callId: exchange.newKey(), ...line, ...over }]);
  expectSame(at(outcome, 'outcome'), 'recorded', 'the call');
  of(world.numbers, number).lastCallAt = world.now;
}
