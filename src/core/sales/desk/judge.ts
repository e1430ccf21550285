import { addSeconds, wholeSecond } from '../../../lib/clock.js';
import { present } from '../../../lib/assert.js';
import { cycleStart, firstChargeMinor, quote } from '../../billing/index.js';
import type { Price } from '../../billing/index.js';
import { DomainError, domainError } from '../../errors.js';
import { digitsOf, e164Of } from '../../number-id.js';
import { valueFrom } from '../../policies/index.js';
import { chooseWallet } from './choose-wallet.js';
import { claimNumber } from './claim.js';
import { heldUntilFor } from '../../holds.js';
import { requireInBusiness } from './in-business.js';
import type { Effects, EndedReservation, RentalEffect } from './effects.js';
import type { BuyRequest, DeskLine, DeskRequest, LineResult, ReserveRequest, Verdict } from '../../ports.js';
import { namedAddress, registrationOf, requirementsUnmet } from './registration.js';
import { payerIdOf } from './state.js';
import type { DeskState, GroupFacts, NumberFacts, WalletFacts } from './state.js';
import { judgeTerms } from './terms.js';

/** Gives out ids that no other row has: the desk draws them in blocks. */
export interface DeskIds {
  order(): number;
  rental(): number;
  reservation(): number;
  assignment(): number;
}

/**
 * Judges requests one by one, in the order of their arrival, against rows that are locked: each verdict sees what the
 * ones before it have taken. Pure apart from the state it is given; what has to be written comes back in `effects`.
 */
export function judge(
  state: DeskState,
  requests: readonly DeskRequest[],
  ids: DeskIds,
): { verdicts: Verdict[]; effects: Effects } {
  const effects: Effects = { rentals: [], reservations: [], orders: [], endedReservations: [] };
  const verdicts = requests.map((request) =>
    request.kind === 'buy'
      ? judgeOrder(state, request, ids, effects)
      : judgeReservation(state, request, ids, effects),
  );
  return { verdicts, effects };
}

/** Runs a step; a domain error becomes a value, so that one refused line does not stop the next. */
export function attempt<T>(step: () => T): T | DomainError {
  try {
    return step();
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
}

function judgeOrder(state: DeskState, request: BuyRequest, ids: DeskIds, effects: Effects): Verdict {
  const wallet = attempt(() => {
    requireInBusiness(state, request.account);
    judgeTerms(state, request);
    namedAddress(state, request);
    return chooseWallet(state, request);
  });
  if (wallet instanceof DomainError) return { kind: 'refused', error: wallet.failure };
  const orderId = ids.order();
  const undo: (() => void)[] = [];
  const firstRental = effects.rentals.length;
  const firstEnded = effects.endedReservations.length;
  let results: LineResult[] = request.lines.map((line) => {
    const bought = attempt(() => buyLine(state, request, line, wallet, orderId, ids, effects, undo));
    return bought instanceof DomainError
      ? { ok: false, numberId: line.numberId ?? null, error: bought.failure }
      : bought;
  });
  const failure = results.find((result) => !result.ok);
  if (failure && request.mode === 'all_or_nothing') {
    for (const step of undo.reverse()) step();
    effects.rentals.length = firstRental;
    effects.endedReservations.length = firstEnded;
    results = results.map((result) => (result.ok ? abandoned(result.numberId) : result));
  }
  if (failure && results.every((result) => !result.ok) && results.length === 1) {
    return { kind: 'refused', error: failure.error };
  }
  const placedAt = request.at.toISOString();
  const order = { orderId, mode: request.mode, placedAt, results };
  effects.orders.push({ request, order });
  return { kind: 'order', order };
}

function abandoned(numberId: number): LineResult {
  return {
    ok: false,
    numberId,
    error: { code: 'order_abandoned', details: { number: e164Of(numberId) } },
  };
}

function buyLine(
  state: DeskState,
  request: BuyRequest,
  line: DeskLine,
  wallet: WalletFacts,
  orderId: number,
  ids: DeskIds,
  effects: Effects,
  undo: (() => void)[],
): LineResult {
  const number = claimNumber(state, request, line);
  const group = groupOf(state, number);
  const price = priceFor(state, request, wallet, number, group);
  const chargeMinor = firstChargeMinor(price);
  const shown = e164Of(number.id);
  if (line.maxPriceMinor !== undefined && chargeMinor > line.maxPriceMinor) {
    throw domainError('price_above_maximum', {
      number: shown,
      priceMinor: chargeMinor,
      maximumMinor: line.maxPriceMinor,
      currency: wallet.currency,
    });
  }
  const { met, addressId } = registrationOf(state, request, number, group);
  if (!met && request.unmetRequirements === 'refuse') {
    throw requirementsUnmet(number, group);
  }
  mustAfford(wallet, chargeMinor);
  const rental: RentalEffect = {
    rentalId: ids.rental(),
    orderId,
    request,
    number,
    group,
    wallet,
    price,
    state: met ? 'active' : 'awaiting_registration',
    addressId,
    nextChargeAt: cycleStart(price.cycle, request.at, 1),
    assignment: assignmentOf(state, request, ids),
  };
  take(state, number, wallet, chargeMinor, rental, effects, undo);
  effects.rentals.push(rental);
  return boughtLine(rental, state.releases.get(number.id));
}

/** Raises insufficient_funds. */
export function mustAfford(wallet: WalletFacts, requiredMinor: number): void {
  const availableMinor = wallet.balanceMinor + wallet.creditLimitMinor;
  if (requiredMinor > availableMinor) {
    throw domainError('insufficient_funds', { requiredMinor, availableMinor, currency: wallet.currency });
  }
}

/** New numbers of an account that has an application for them point at it from the start. */
function assignmentOf(state: DeskState, { account }: BuyRequest, ids: DeskIds): RentalEffect['assignment'] {
  const applicationId = state.applications.get(account.id);
  return applicationId === undefined ? null : { id: ids.assignment(), applicationId };
}

function take(
  state: DeskState,
  number: NumberFacts,
  wallet: WalletFacts,
  chargeMinor: number,
  { request: { account }, state: rentalState }: RentalEffect,
  effects: Effects,
  undo: (() => void)[],
): void {
  const [accountId, payerId] = [account.id, payerIdOf(account)];
  const { status, heldUntil, restsUntil, reservationId, holderAccountId, renterAccountId, renterState } =
    number;
  const heldByBuyer = holderAccountId === accountId;
  if (reservationId !== null) {
    effects.endedReservations.push(endOf(number, reservationId, heldByBuyer ? 'bought' : 'expired'));
    if (heldByBuyer) count(state, payerId, -1);
  }
  const rented = {
    status: 'r',
    heldUntil: null,
    restsUntil: null,
    reservationId: null,
    holderAccountId: null,
  };
  Object.assign(number, { ...rented, renterAccountId: accountId, renterState: rentalState });
  wallet.balanceMinor -= chargeMinor;
  undo.push(() => {
    const before = { status, heldUntil, restsUntil, reservationId, holderAccountId };
    Object.assign(number, { ...before, renterAccountId, renterState });
    wallet.balanceMinor += chargeMinor;
    if (reservationId !== null && heldByBuyer) count(state, payerId, 1);
  });
}

function endOf(
  { id, holderAccountId, heldUntil }: NumberFacts,
  reservationId: number,
  end: EndedReservation['end'],
): EndedReservation {
  return { reservationId, end, numberId: id, holderAccountId, heldUntil };
}

function count(state: DeskState, payerId: number, change: number): void {
  state.reservationCounts.set(payerId, (state.reservationCounts.get(payerId) ?? 0) + change);
}

function boughtLine(rental: RentalEffect, releasedAt: Date | undefined): LineResult {
  const { rentalId, request, number, group, price, state, assignment, nextChargeAt } = rental;
  return {
    ok: true,
    numberId: number.id,
    rentalId,
    groupId: group.id,
    country: group.country,
    location: group.location,
    features: number.features,
    ...(assignment ? { applicationId: assignment.applicationId } : {}),
    ...(releasedAt && request.tellsReleases ? { releasedAt: releasedAt.toISOString() } : {}),
    state,
    currency: price.currency,
    setupMinor: price.setupMinor,
    recurringMinor: price.recurringMinor,
    cycle: price.cycle,
    startedAt: request.at.toISOString(),
    nextChargeAt: nextChargeAt.toISOString(),
  };
}

export function groupOf(state: DeskState, number: NumberFacts): GroupFacts {
  return present(state.groups.get(number.groupId), 'the group of every locked number was read');
}

export function priceFor(
  state: DeskState,
  request: BuyRequest,
  wallet: WalletFacts,
  number: NumberFacts,
  group: GroupFacts,
): Price {
  const { currency } = wallet;
  const { priceListId, priceDiscountBp: discountBp } = request.account;
  const { country, type } = group;
  const digits = String(digitsOf(number.id));
  const price = quote({
    asked: { currency, country, type, groupId: group.id, digits, at: request.at },
    own: number.hasOwnPrice ? state.ownPrices.get(number.id) : undefined,
    book: state.prices.get(priceListId),
    discountBp,
  })?.price;
  if (!price) throw domainError('not_offered', { number: e164Of(number.id), currency });
  return price;
}

function judgeReservation(
  state: DeskState,
  request: ReserveRequest,
  ids: DeskIds,
  effects: Effects,
): Verdict {
  const outcome = attempt((): Verdict => {
    const { environment } = request.account;
    requireInBusiness(state, request.account);
    const payerId = payerIdOf(request.account);
    const limit = valueFrom(state.policies, 'reservations_per_account', environment);
    const held = state.reservationCounts.get(payerId) ?? 0;
    if (held >= limit) throw domainError('reservation_limit_reached', { limit });
    const number = claimNumber(state, request, request.line);
    const seconds = valueFrom(state.policies, 'reservation_seconds', environment, groupOf(state, number));
    const expiresAt = wholeSecond(addSeconds(request.at, seconds));
    const reservationId = ids.reservation();
    if (number.reservationId !== null) {
      effects.endedReservations.push(endOf(number, number.reservationId, 'expired'));
    }
    const heldUntil = heldUntilFor(request.account, expiresAt);
    Object.assign(number, { status: 's', heldUntil, restsUntil: null, reservationId });
    number.holderAccountId = request.account.id;
    count(state, payerId, 1);
    effects.reservations.push({ reservationId, request, number, expiresAt, heldUntil });
    return {
      kind: 'reservation',
      reservation: {
        reservationId,
        numberId: number.id,
        groupId: number.groupId,
        createdAt: request.at.toISOString(),
        expiresAt: expiresAt.toISOString(),
      },
    };
  });
  return outcome instanceof DomainError ? { kind: 'refused', error: outcome.failure } : outcome;
}
