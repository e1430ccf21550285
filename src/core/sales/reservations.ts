import { addSeconds, wholeSecond } from '../../lib/clock.js';
import { everyPage } from '../../lib/every-page.js';
import { actingAccount, writingAccount } from '../authority/index.js';
import { recordChange } from '../audit/index.js';
import { actorName } from '../context.js';
import type { Account, Context, RootContext } from '../context.js';
import { domainError, restoreError } from '../errors.js';
import { idempotently } from '../idempotency/index.js';
import { e164Of } from '../number-id.js';
import { policyValue } from '../policies/index.js';
import type { ReservationResult } from '../ports.js';
import { deskLines, hasNames, unlessAnswered } from './order-line.js';
import type { OrderLine } from './order-line.js';
import { heldUntilFor } from '../holds.js';
import {
  clearHold,
  endReservation,
  extendHold,
  findActiveReservation,
  listActiveReservations,
  lockActiveReservation,
} from './reservation-store.js';
import type { ReservationRow } from './reservation-store.js';

/** Holds that are read at a time where all of them are asked for; policy bounds how many there are. */
const sliceSize = 1000;

/**
 * Holds a number for the account: the one named, or any of a group. Nothing is charged.
 * Raises forbidden, account_blocked, not_found, number_unavailable, group_sold_out, selection_not_allowed,
 * already_owned, reservation_limit_reached, idempotency_*, unavailable.
 */
export async function reserveNumber({
  ctx,
  input,
}: {
  ctx: RootContext;
  input: { readonly line: OrderLine };
}): Promise<ReservationResult> {
  const account = writingAccount(ctx);
  const found = hasNames([input.line])
    ? await unlessAnswered(ctx, () => deskLines(ctx, [input.line]))
    : { prepared: [input.line] };
  const verdict =
    'verdict' in found
      ? found.verdict
      : await ctx.desk.submit({
          kind: 'reserve',
          account,
          actor: actorName(ctx.actor),
          requestId: ctx.requestId,
          at: ctx.clock.now(),
          idempotency: ctx.idempotency,
          line: found.prepared[0] ?? {},
        });
  if (verdict.kind === 'refused') throw restoreError(verdict.error);
  if (verdict.kind === 'order')
    throw domainError('idempotency_key_reused', { key: ctx.idempotency?.key ?? '' });
  return verdict.reservation;
}

/** A page of the account's holds in force, oldest first: those after an id. */
export async function listReservations({
  ctx,
  input,
}: {
  ctx: Context;
  input: { readonly afterId: number; readonly limit: number };
}): Promise<ReservationRow[]> {
  return listActiveReservations(ctx.sql, actingAccount(ctx).id, ctx.clock.now(), input);
}

/** All of the account's holds in force, oldest first: for wires that list without pages. */
export async function listEveryReservation({ ctx }: { ctx: Context }): Promise<ReservationRow[]> {
  return everyHoldOf(ctx, actingAccount(ctx));
}

function everyHoldOf({ sql, clock }: Context, { id }: Account): Promise<ReservationRow[]> {
  const now = clock.now();
  return everyPage(sliceSize, (afterId) =>
    listActiveReservations(sql, id, now, { afterId, limit: sliceSize }),
  );
}

/** One hold in force. Raises not_found (reservation), also when it has expired or is another account's. */
export async function getReservation({
  ctx,
  input,
}: {
  ctx: Context;
  input: { readonly reservationId: number };
}): Promise<ReservationRow> {
  const account = actingAccount(ctx);
  const row = await findActiveReservation(ctx.sql, account.id, input.reservationId, ctx.clock.now());
  if (!row) throw domainError('not_found', { kind: 'reservation', id: input.reservationId });
  return row;
}

/**
 * Lets a hold run for the full reservation length again, from now, but no longer than policy allows a hold to last in
 * all. A hold never ends sooner by it.
 * Raises forbidden, account_blocked, not_found (reservation), idempotency_*.
 */
export async function extendReservation({
  ctx,
  input,
}: {
  ctx: RootContext;
  input: { readonly reservationId: number };
}): Promise<{ readonly expiresAt: string }> {
  const account = writingAccount(ctx);
  return idempotently(ctx, async (inner) => {
    const row = await loadForChange(inner, account.id, input.reservationId);
    const seconds = await policyValue(inner.sql, 'reservation_seconds', account.environment, row);
    const total = await policyValue(inner.sql, 'reservation_total_seconds', account.environment, row);
    const expiresAt = extendedUntil(row, inner.clock.now(), seconds, total);
    await extendHold(inner.sql, row, expiresAt, heldUntilFor(account, expiresAt));
    await recordReservationChange(inner, account, row, 'reservation.extend', 'reservation.extended', {
      expires_at: expiresAt.toISOString(),
    });
    return {
      result: { expiresAt: expiresAt.toISOString() },
      subject: { kind: 'reservation', id: row.id },
    };
  });
}

function extendedUntil(row: ReservationRow, now: Date, seconds: number, totalSeconds: number): Date {
  const wanted = wholeSecond(addSeconds(now, seconds));
  const latest = wholeSecond(addSeconds(row.createdAt, totalSeconds));
  const granted = wanted < latest ? wanted : latest;
  return granted > row.expiresAt ? granted : row.expiresAt;
}

/**
 * Gives a hold up; the number is for sale again at once.
 *
 * Raises forbidden, account_blocked, not_found (reservation), idempotency_*.
 */
export async function cancelReservation({
  ctx,
  input,
}: {
  ctx: RootContext;
  input: { readonly reservationId: number };
}): Promise<{ readonly reservationId: number }> {
  const account = writingAccount(ctx);
  return idempotently(ctx, async (inner) => {
    const row = await loadForChange(inner, account.id, input.reservationId);
    await giveUp(inner, account, row);
    return { result: { reservationId: row.id }, subject: { kind: 'reservation', id: row.id } };
  });
}

async function giveUp(ctx: Context, account: Account, row: ReservationRow): Promise<void> {
  await endReservation(ctx.sql, row.id, 'cancelled', ctx.clock.now());
  await clearHold(ctx.sql, row);
  await recordReservationChange(ctx, account, row, 'reservation.cancel', 'reservation.cancelled', {});
}

/** Gives up all holds of an account that is being closed; part of a verb that has its row alone. Numbers by id. */
export async function cancelHolds(ctx: Context, account: Account): Promise<void> {
  const now = ctx.clock.now();
  const holds = await everyHoldOf(ctx, account);
  for (const { id } of holds.sort((a, b) => a.numberId - b.numberId)) {
    const row = await lockActiveReservation(ctx.sql, account.id, id, now);
    if (row) await giveUp(ctx, account, row);
  }
}

async function loadForChange(
  ctx: Context,
  accountId: number,
  reservationId: number,
): Promise<ReservationRow> {
  const row = await lockActiveReservation(ctx.sql, accountId, reservationId, ctx.clock.now());
  if (!row) throw domainError('not_found', { kind: 'reservation', id: reservationId });
  return row;
}

async function recordReservationChange(
  ctx: Context,
  account: Account,
  row: ReservationRow,
  action: string,
  event: string,
  details: Record<string, unknown>,
): Promise<void> {
  await recordChange(ctx, {
    environment: account.environment,
    accountId: account.id,
    action,
    subjectKind: 'reservation',
    subjectId: row.id,
    numberId: row.numberId,
    details: { number: e164Of(row.numberId), ...details },
    event,
  });
}
