import type { Context } from '../../context.js';
import { cleanFilters, invalid, type CleanFilters, type NumberFilters } from './filters.js';
import { asFound, type FoundNumber } from './found-number.js';
import type { Scope } from './fragments.js';
import { firstIds, idsInOrder, idsMetInOrder, numbersById } from './listing-store.js';
import { hasShelfFilter } from './plan.js';
import { planFor } from './plan-for.js';
import { scopesOf } from './scope.js';
import { searchPageMax } from './search-numbers.js';

export interface PageInput {
  filters: NumberFilters;
  /** From 1. */
  page: number;
  /** 1 to searchPageMax. */
  perPage: number;
}

/** Numbers in front of a page at most: a numbered page reads and drops them, which a cursor does not. */
export const pageOffsetMax = 1_000_000;

/** A run of so many digits is in every hundredth number or so: near the beginning, a walk meets a page of them soon. */
const metOften = { digitsMax: 3, numbersMax: 200 };

/** One numbered page of what fits, in ascending order of the numbers: for wires that know pages and no cursors. */
export async function pageOfNumbers({
  ctx,
  input,
}: {
  ctx: Context;
  input: PageInput;
}): Promise<FoundNumber[]> {
  const { page, perPage } = input;
  const filters = cleanFilters(input.filters);
  if (!Number.isInteger(perPage) || perPage < 1 || perPage > searchPageMax) {
    throw invalid('perPage', `1 to ${searchPageMax}`);
  }
  const offset = (page - 1) * perPage;
  if (!Number.isInteger(page) || page < 1 || offset > pageOffsetMax) {
    throw invalid('page', `from 1, with at most ${pageOffsetMax} numbers in front of it`);
  }
  const scopes = await scopesOf(ctx, filters);
  const ids = await idsOfPage(ctx, scopes, { offset, limit: perPage });
  return (await numbersById(ctx.sql, ids)).map(asFound);
}

/**
 * Without a country every one is meant, and wishes about digits are the same for each: one walk over all ids does.
 * Where a plan narrows the search down, or countries have to be merged, the first ids of each are gathered instead.
 */
async function idsOfPage(
  ctx: Context,
  scopes: readonly Scope[],
  stretch: { offset: number; limit: number },
): Promise<number[]> {
  const [first] = scopes;
  if (!first) return [];
  const plans = await Promise.all(scopes.map((scope) => planFor(ctx, scope)));
  const narrow = hasShelfFilter(first.filters) || plans.some(({ kind }) => kind === 'digits');
  const { rangesSuffice } = first.conditions;
  const isWalk = rangesSuffice ? !hasShelfFilter(first.filters) : !narrow;
  if (isWalk && (scopes.length === 1 || !first.country.named)) {
    return idsInOrder(ctx.sql, first, { ...stretch, anyCountry: !first.country.named });
  }
  const last = stretch.offset + stretch.limit;
  if (isMetOften(first.filters, last) && (scopes.length === 1 || !first.country.named)) {
    const met = await idsMetInOrder(ctx.sql, first, { ...stretch, anyCountry: !first.country.named });
    if (met.length === stretch.limit) return met;
  }
  const gathered: number[] = [];
  for (const [index, scope] of scopes.entries()) {
    const plan = plans[index];
    if (plan) gathered.push(...(await firstIds(ctx.sql, scope, plan, last)));
  }
  return gathered.sort((a, b) => a - b).slice(stretch.offset, last);
}

function isMetOften(filters: CleanFilters, last: number): boolean {
  const { startsWith, contains, endsWith, pattern } = filters;
  const onlyContains =
    startsWith === null && endsWith === null && pattern === null && !hasShelfFilter(filters);
  const isShort = contains !== null && contains.length <= metOften.digitsMax;
  return onlyContains && isShort && last <= metOften.numbersMax;
}
