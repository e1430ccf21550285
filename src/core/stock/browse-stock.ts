import type { Context, Environment } from '../context.js';
import { searchNumbers, searchPageMax } from './search/index.js';
import type { FoundNumber, NumberFilters } from './search/index.js';

/** All numbers that fit, up to `max`: for wires that list without pages. */
export async function searchAll({
  ctx,
  input,
}: {
  ctx: Context;
  input: { readonly filters: NumberFilters; readonly max: number };
}): Promise<FoundNumber[]> {
  const found: FoundNumber[] = [];
  let cursor: string | undefined;
  do {
    const limit = Math.min(searchPageMax, input.max - found.length);
    const page = await searchNumbers({ ctx, input: { filters: input.filters, limit, cursor } });
    found.push(...page.numbers);
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined && found.length < input.max);
  return found;
}

/** Whether anything of a country is for sale in an environment. */
export async function countryHasStock({
  ctx,
  input,
}: {
  ctx: Context;
  input: { readonly country: string; readonly environment: Environment };
}): Promise<boolean> {
  const { numbers } = await searchNumbers({ ctx, input: { filters: { ...input }, limit: 1 } });
  return numbers.length > 0;
}
