import type { Context, RootContext } from '../../../core/context.js';
import { asOneWrite } from '../../../core/idempotency/index.js';
import { describeRental, getRental, listOwed, listRentals } from '../../../core/rentals/index.js';
import type { DescribeInput, RentalRow } from '../../../core/rentals/index.js';
import { assignmentsOf } from '../../../core/routing/index.js';
import type { Assignment } from '../../../core/routing/index.js';
import { lastCallAt } from '../../../core/usage/index.js';
import { addSeconds, secondsPerDay } from '../../../lib/clock.js';

/** A rental with what its answer shows beside it. */
export interface RentalShown {
  readonly id: number;
  readonly rental: RentalRow;
  readonly assignments: readonly Assignment[];
  /** Start of the number's latest call; now, while one goes on. */
  readonly lastCallAt: Date | null;
}

/** Raises not_found (rental). */
export async function getShown({
  ctx,
  input,
}: {
  ctx: Context;
  input: { readonly rentalId: number };
}): Promise<RentalShown> {
  const [shown] = await withUse(ctx, [await getRental({ ctx, input })]);
  return shown as RentalShown;
}

/** Rentals of the account, oldest first. */
export async function listShown({
  ctx,
  input,
}: {
  ctx: RootContext;
  input: { readonly afterId: number; readonly limit: number };
}): Promise<RentalShown[]> {
  return withUse(ctx, await listRentals({ ctx, input }));
}

/** Changes what is noted of a number and gives the rental as it is then. Raises what describeRental raises. */
export async function describeShown({ ctx, input }: { ctx: RootContext; input: DescribeInput }) {
  return asOneWrite(ctx, async (inner) => {
    await describeRental({ ctx: inner, input });
    return getShown({ ctx: inner, input });
  });
}

/** Charges of the next days, by the account's own time, and the sums of all of them. */
export async function owedWithin({
  ctx,
  input: { days, ...page },
}: {
  ctx: RootContext;
  input: Omit<Parameters<typeof listOwed>[0]['input'], 'until'> & { readonly days: number };
}) {
  const until = addSeconds(ctx.clock.now(), days * secondsPerDay);
  return { until, ...(await listOwed({ ctx, input: { ...page, until } })) };
}

async function withUse(ctx: Context, rows: readonly RentalRow[]): Promise<RentalShown[]> {
  const numberIds = rows.map((row) => row.numberId);
  const [assignments, lastCalls] = await Promise.all([
    assignmentsOf({ ctx, input: { rentalIds: rows.map((row) => row.id) } }),
    lastCallAt(ctx, numberIds),
  ]);
  return rows.map((rental) => ({
    id: rental.id,
    rental,
    assignments: assignments.get(rental.id) ?? [],
    lastCallAt: lastCalls.get(rental.numberId) ?? null,
  }));
}
