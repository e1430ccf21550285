import { actingAccount } from '../authority/index.js';
import type { Context } from '../context.js';
import { domainError } from '../errors.js';
import { gatherByPool } from '../../database/gather-by-pool.js';
import { e164Of } from '../number-id.js';
import { isStillHeld } from '../number-life.js';
import { findOpenRentalByNumber, findOpenRentals, listOpenRentals } from './store.js';
import type { RentalFilters, RentalRow } from './store.js';

/** Rentals on one page at most. */
export const rentalPageMax = 200;
/** Rentals that are read at a time where a wire lists all of them. */
export const rentalSliceSize = 1000;

/** Rentals by id; the look-ups of one turn of the event loop share a query. */
const findRentals = gatherByPool(
  async (sql, ids) => new Map((await findOpenRentals(sql, ids)).map((row) => [row.id, row])),
);

/** One of the account's rentals. Raises not_found (rental), also for another account's. */
export async function getRental({
  ctx,
  input,
}: {
  ctx: Context;
  input: { readonly rentalId: number };
}): Promise<RentalRow> {
  const account = actingAccount(ctx);
  const row = (await findRentals(ctx.sql, [input.rentalId])).get(input.rentalId);
  if (!row || row.accountId !== account.id || !isStillHeld(row, ctx.clock.now())) {
    throw domainError('not_found', { kind: 'rental', id: input.rentalId });
  }
  return row;
}

/** The account's rental of a number. Raises not_found (number). */
export async function getRentalByNumber({
  ctx,
  input,
}: {
  ctx: Context;
  input: { readonly numberId: number };
}): Promise<RentalRow> {
  const account = actingAccount(ctx);
  const row = await findOpenRentalByNumber(ctx.sql, account.id, input.numberId);
  if (!row || !isStillHeld(row, ctx.clock.now())) {
    throw domainError('not_found', { kind: 'number', id: e164Of(input.numberId) });
  }
  return row;
}

/**
 * A page of the account's rentals: oldest first after an id, or by offset for wires with page numbers; newest first with
 * `beforeId`, the id below which the page begins.
 */
export async function listRentals({
  ctx,
  input,
}: {
  ctx: Context;
  input: RentalFilters & {
    readonly afterId?: number;
    readonly beforeId?: number;
    readonly offset?: number;
    readonly limit: number;
  };
}): Promise<RentalRow[]> {
  const account = actingAccount(ctx);
  return listOpenRentals(ctx.sql, account.id, ctx.clock.now(), {
    ...input,
    afterId: input.afterId ?? 0,
    offset: input.offset ?? 0,
    limit: input.limit,
  });
}

/** All of the account's rentals that fit, oldest first, a slice at a time: for wires that list without pages. */
export async function* eachRental({
  ctx,
  input,
}: {
  ctx: Context;
  input: RentalFilters;
}): AsyncGenerator<RentalRow[], void> {
  let afterId = 0;
  for (;;) {
    const rows = await listRentals({ ctx, input: { ...input, afterId, limit: rentalSliceSize } });
    if (rows.length > 0) yield rows;
    const last = rows.at(-1);
    if (!last || rows.length < rentalSliceSize) return;
    afterId = last.id;
  }
}
