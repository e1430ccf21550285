import { requireOperator } from '../authority/index.js';
import type { Context, Environment } from '../context.js';
import { domainError } from '../errors.js';
import { sumRevenue } from './revenue-store.js';
import type { RevenueDimension, RevenueRow } from './revenue-store.js';
import { monthOf, readMonth } from './statement/index.js';
import type { Month } from './statement/index.js';

export const revenueDimensions = ['month', 'country', 'type', 'account'] as const;
/** Months in one answer at most. */
export const revenueMonthsMax = 36;

export interface RevenueInput {
  readonly environment: Environment;
  /** First and last month, such as 2026-01; the running one unless said. */
  readonly from?: string | undefined;
  readonly until?: string | undefined;
  /** What the sums are told apart by, beside the currency. */
  readonly by: readonly RevenueDimension[];
  readonly offset: number;
  readonly limit: number;
}

/**
 * What was earned, per currency and what else is asked for: charges and fees, less refunds, with adjustments.
 * Raises forbidden, invalid_input (from, until).
 */
export async function revenue({ ctx, input }: { ctx: Context; input: RevenueInput }): Promise<RevenueRow[]> {
  requireOperator(ctx);
  const running = monthOf(ctx.clock.now());
  const last = input.until === undefined ? running : readMonth('until', input.until);
  const first = input.from === undefined ? last : readMonth('from', input.from);
  checkOrder(first, last);
  const { environment, by, offset, limit } = input;
  return sumRevenue(ctx.sql, { environment, from: first.from, until: last.until }, by, { offset, limit });
}

function checkOrder({ from }: Month, { from: last }: Month): void {
  const months =
    (last.getUTCFullYear() - from.getUTCFullYear()) * 12 + last.getUTCMonth() - from.getUTCMonth();
  if (months >= 0 && months < revenueMonthsMax) return;
  const reason = `must not be before the first month, and ${revenueMonthsMax} months after it at most`;
  throw domainError('invalid_input', { field: 'until', reason });
}
