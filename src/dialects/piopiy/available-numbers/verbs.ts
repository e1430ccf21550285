import type { RootContext } from '../../../core/context.js';
import { searchNumbers } from '../../../core/stock/index.js';
import type { FoundNumber, NumberFilters } from '../../../core/stock/index.js';
import type { WireFilters } from '../paging.js';

/** A page of numbers for sale, and the filters that it was asked for with. */
export interface FoundPage {
  readonly asked: WireFilters;
  readonly numbers: readonly FoundNumber[];
  readonly nextCursor: string | null;
}

/** Raises what searchNumbers raises. */
export async function searchPage({
  ctx,
  input: { asked, filters, limit, cursor },
}: {
  ctx: RootContext;
  input: {
    readonly asked: WireFilters;
    readonly filters: NumberFilters | undefined;
    readonly limit: number;
    readonly cursor: string | undefined;
  };
}): Promise<FoundPage> {
  if (!filters) return { asked, numbers: [], nextCursor: null };
  const { numbers, nextCursor } = await searchNumbers({ ctx, input: { filters, limit, cursor } });
  return { asked, numbers, nextCursor };
}
