import { actingAccount } from '../authority/index.js';
import type { Context } from '../context.js';
import { domainError } from '../errors.js';
import { totalWith } from '../../lib/total.js';
import { findLastReleases } from '../number-life-store.js';
import { rentalPageMax } from './rentals.js';
import { countRentals, findRentalPage } from './rental-pages-store.js';
import type { HeldRental } from './rental-pages-store.js';

/** Rentals in front of a page at most: a numbered page reads and drops them, which a cursor does not. */
const rentalOffsetMax = 1_000_000;

/** Rentals are counted no further than this; with digits, they are counted among so many that are looked at. */
export const rentalsCountedMax = 10_000;
export const rentalsLookedAtMax = 20_000;

export interface RentalPageInput {
  /** From 1. A page behind all rentals is empty. */
  readonly page: number;
  /** 1 to rentalPageMax. */
  readonly perPage: number;
  readonly withSubAccounts: boolean;
  /** A run of digits anywhere in the number, country code included. */
  readonly digits?: string | undefined;
}

/**
 * One numbered page of the numbers that the acting account holds, perhaps with those of its sub-accounts, the newest
 * purchase first, with a total that is counted to a bound. A release is listed until its window is over.
 * Raises forbidden, account_blocked, invalid_input (per_page, page, digits).
 */
export async function pageOfRentals({
  ctx,
  input,
}: {
  ctx: Context;
  input: RentalPageInput;
}): Promise<{ rentals: HeldRental[]; total: number }> {
  const { id: accountId } = actingAccount(ctx);
  const { page, perPage, withSubAccounts, digits = null } = input;
  if (!Number.isInteger(perPage) || perPage < 1 || perPage > rentalPageMax) {
    throw domainError('invalid_input', { field: 'per_page', reason: `must be 1 to ${rentalPageMax}` });
  }
  if (!Number.isInteger(page) || page < 1) {
    throw domainError('invalid_input', { field: 'page', reason: 'must be a whole number from 1' });
  }
  if (digits !== null && !/^\d+$/.test(digits)) {
    throw domainError('invalid_input', { field: 'digits', reason: 'must be a run of digits' });
  }
  const filters = { accountId, withSubAccounts, digits, now: ctx.clock.now() };
  const offset = (page - 1) * perPage;
  const [rentals, counted] = await Promise.all([
    offset > rentalOffsetMax ? [] : findRentalPage(ctx.sql, filters, { offset, limit: perPage }),
    countRentals(ctx.sql, filters, digits === null ? rentalsCountedMax : rentalsLookedAtMax),
  ]);
  return { rentals, total: totalWith(counted, { offset, limit: perPage }, rentals.length) };
}

/** When each of these numbers was last given up for good, whoever held it; those that never were are absent. */
export async function lastReleases({
  ctx,
  input,
}: {
  ctx: Context;
  input: { readonly numberIds: readonly number[] };
}): Promise<Map<number, Date>> {
  if (input.numberIds.length === 0) return new Map();
  const rows = await findLastReleases(ctx.sql, input.numberIds);
  return new Map(rows.map((row) => [row.numberId, row.releasedAt]));
}
