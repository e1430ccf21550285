import type { Sql } from '../../../database/connection.js';
import { recordChanges } from '../../audit/index.js';
import type { Change } from '../../audit/index.js';
import { firstChargeMinor } from '../../billing/index.js';
import { postTransfers } from '../../ledger/index.js';
import type { TransferRow } from '../../ledger/index.js';
import { e164Of, environmentOf } from '../../number-id.js';
import { assignedChange, insertApplicationAssignments } from '../../routing/index.js';
import type { Effects, EndedReservation, RentalEffect, ReservationEffect } from './effects.js';
import type { DeskRequest, Verdict } from '../../ports.js';
import * as store from './store.js';

/** Finds the operator's revenue wallet of an environment and currency. */
export type RevenueWallets = (rental: RentalEffect) => number;

/**
 * Writes what the judgement decided: one statement per table, sent in one go. Money goes last but for the records,
 * so that the operator's wallet, which all processes share, is locked for the shortest time.
 */
export async function writeEffects(
  tx: Sql,
  effects: Effects,
  requests: readonly DeskRequest[],
  verdicts: readonly Verdict[],
  revenueWallet: RevenueWallets,
): Promise<void> {
  const { rentals, reservations, orders } = effects;
  const fresh = new Set(reservations.map((reservation) => reservation.reservationId));
  const [earlier, justMade] = splitEnded(effects, fresh);
  const now = requests[0]?.at ?? new Date(0);
  const records = keyRecords(requests, verdicts);
  const assigned = rentals.flatMap(assignmentsOf);
  await Promise.all([
    ...(earlier.endedReservations.length > 0 ? [store.endReservations(tx, earlier, now)] : []),
    ...(reservations.length > 0 ? [store.insertReservations(tx, effects)] : []),
    ...(justMade.endedReservations.length > 0 ? [store.endReservations(tx, justMade, now)] : []),
    ...(orders.length > 0 ? [store.insertOrders(tx, effects, records)] : []),
    ...(assigned.length > 0 ? [insertApplicationAssignments(tx, assigned)] : []),
    recordChanges(tx, [
      ...effects.endedReservations.flatMap((ended) => expiryChange(ended, requests)),
      ...rentals.flatMap(rentalChanges),
      ...reservations.map(reservationChange),
    ]),
    ...(orders.length === 0 && records.length > 0 ? [store.insertKeyRecords(tx, records)] : []),
    postTransfers(
      tx,
      rentals.map((rental) => firstCharge(rental, revenueWallet(rental))),
    ),
  ]);
}

function splitEnded(effects: Effects, fresh: ReadonlySet<number>): [Effects, Effects] {
  const ended = effects.endedReservations;
  return [
    { ...effects, endedReservations: ended.filter((end) => !fresh.has(end.reservationId)) },
    { ...effects, endedReservations: ended.filter((end) => fresh.has(end.reservationId)) },
  ];
}

function firstCharge(rental: RentalEffect, revenueWalletId: number): TransferRow {
  return {
    debitWalletId: rental.wallet.id,
    creditWalletId: revenueWalletId,
    amountMinor: firstChargeMinor(rental.price),
    currency: rental.price.currency,
    kind: 'rental',
    rentalId: rental.rentalId,
    cycleNumber: 0,
    reference: e164Of(rental.number.id),
    requestId: rental.request.requestId,
    createdAt: rental.request.at,
  };
}

function assignmentsOf({ assignment, rentalId, request: { account, at } }: RentalEffect) {
  return assignment ? [{ ...assignment, rentalId, accountId: account.id, at }] : [];
}

/** The sale, and what the number points at from the start. */
function rentalChanges(rental: RentalEffect): Change[] {
  const { assignment, rentalId, number, request } = rental;
  if (!assignment) return [rentalChange(rental)];
  const { id, applicationId: targetId } = assignment;
  const row = { id, rentalId, kind: 'application', targetId } as const;
  return [
    rentalChange(rental),
    { ...changeBase(request), ...assignedChange(request.account, row, number.id) },
  ];
}

function rentalChange({ request, rentalId, orderId, number, price, state }: RentalEffect): Change {
  return {
    ...changeBase(request),
    action: 'number.buy',
    subjectKind: 'rental',
    subjectId: rentalId,
    numberId: number.id,
    details: {
      number: e164Of(number.id),
      order_id: orderId,
      state,
      currency: price.currency,
      amount_minor: firstChargeMinor(price),
    },
    event: 'number.rented',
  };
}

function reservationChange({ request, reservationId, number, expiresAt }: ReservationEffect): Change {
  return {
    ...changeBase(request),
    action: 'number.reserve',
    subjectKind: 'reservation',
    subjectId: reservationId,
    numberId: number.id,
    details: { number: e164Of(number.id), expires_at: expiresAt.toISOString() },
    event: 'number.reserved',
  };
}

/** The event of a hold that had expired before a job recorded it. */
function expiryChange(ended: EndedReservation, [first]: readonly DeskRequest[]): Change[] {
  const { end, reservationId, numberId, holderAccountId, heldUntil } = ended;
  if (end !== 'expired' || holderAccountId === null || heldUntil === null || !first) return [];
  return [
    {
      at: heldUntil,
      environment: environmentOf(numberId),
      accountId: holderAccountId,
      actor: 'system:expire_reservations',
      requestId: first.requestId,
      action: 'reservation.expire',
      subjectKind: 'reservation',
      subjectId: reservationId,
      numberId,
      details: { number: e164Of(numberId), expires_at: heldUntil.toISOString() },
      event: 'reservation.expired',
    },
  ];
}

function changeBase(request: DeskRequest) {
  return {
    at: request.at,
    environment: request.account.environment,
    accountId: request.account.id,
    actor: request.actor,
    requestId: request.requestId,
  };
}

/**
 * Each keyed request leaves its verdict and what it made, refusals included: a repeat gets the same again. That an
 * account is blocked is said of now, and not remembered.
 */
function keyRecords(requests: readonly DeskRequest[], verdicts: readonly Verdict[]): store.NewKeyRecord[] {
  return requests.flatMap((request, index) => {
    const verdict = verdicts[index];
    if (!request.idempotency || !verdict) return [];
    if (verdict.kind === 'refused' && verdict.error.code === 'account_blocked') return [];
    const { key, requestHash } = request.idempotency;
    const outcome = verdict.kind === 'refused' ? { error: verdict.error } : { ok: verdict };
    return [
      { accountId: request.account.id, key, requestHash, outcome, ...subjectOf(verdict), at: request.at },
    ];
  });
}

function subjectOf(verdict: Verdict): { subjectKind: string | null; subjectId: number | null } {
  switch (verdict.kind) {
    case 'order':
      return { subjectKind: 'order', subjectId: verdict.order.orderId };
    case 'reservation':
      return { subjectKind: 'reservation', subjectId: verdict.reservation.reservationId };
    case 'refused':
      return { subjectKind: null, subjectId: null };
  }
}
