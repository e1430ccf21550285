import type { Context } from '../../context.js';
import { holdsOverBy } from '../../holds.js';
import { sumShelves } from '../totals-store.js';
import { cleanFilters, type CleanFilters, type NumberFilters } from './filters.js';
import { countFitting } from './listing-store.js';
import { planFor } from './plan-for.js';
import { scopesOf } from './scope.js';

/** Where digits are asked for, numbers are counted one by one, and no further than this. */
export const countedNumbersMax = 2_000;

export interface NumberCount {
  readonly total: number;
  /** False when there may be more than `total`: counting ended at a bound. */
  readonly isExact: boolean;
}

/**
 * How many numbers in stock fit all filters: exactly, from kept counters, by place, type and features. With digits to
 * include or exclude, exactly up to countedNumbersMax, and else a lower bound.
 */
export async function countNumbers({
  ctx,
  input,
}: {
  ctx: Context;
  input: { filters: NumberFilters };
}): Promise<NumberCount> {
  const filters = cleanFilters(input.filters);
  if (!asksForDigits(filters)) {
    return { total: await sumShelves(ctx.sql, filters, holdsOverBy(ctx)), isExact: true };
  }
  let total = 0;
  let isExact = true;
  for (const scope of await scopesOf(ctx, filters)) {
    const counted = await countFitting(ctx.sql, scope, await planFor(ctx, scope), countedNumbersMax);
    total += counted.total;
    isExact &&= counted.isExact;
    if (total >= countedNumbersMax) return { total: countedNumbersMax, isExact: false };
  }
  return { total, isExact };
}

function asksForDigits({ startsWith, contains, endsWith, pattern, exclude }: CleanFilters): boolean {
  return [startsWith, contains, endsWith, pattern].some((wish) => wish !== null) || exclude.length > 0;
}
