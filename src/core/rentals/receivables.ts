import { requireOperator } from '../authority/index.js';
import type { Context, Environment } from '../context.js';
import type { ChargePosition } from './owed.js';
import { listPastDueRows, sumDueByDay } from './receivables-store.js';
import type { DueDayRow, PastDueRow } from './receivables-store.js';

/** Days ahead in one answer at most. */
export const dueDaysMax = 92;

/** What all tenants together will be charged up to a time, by day and currency. Raises forbidden. */
export async function dueByDay({
  ctx,
  input,
}: {
  ctx: Context;
  input: { readonly environment: Environment; readonly until: Date };
}): Promise<DueDayRow[]> {
  requireOperator(ctx);
  return sumDueByDay(ctx.sql, { ...input, from: ctx.clock.now() });
}

/** A page of the rentals whose charge could not be paid, the longest overdue first. Raises forbidden. */
export async function listPastDues({
  ctx,
  input,
}: {
  ctx: Context;
  input: {
    readonly environment: Environment;
    readonly after?: ChargePosition | undefined;
    readonly limit: number;
  };
}): Promise<PastDueRow[]> {
  requireOperator(ctx);
  const { environment, after, limit } = input;
  return listPastDueRows(ctx.sql, { environment, after, limit });
}
