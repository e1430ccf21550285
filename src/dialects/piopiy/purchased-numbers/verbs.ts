import type { RootContext } from '../../../core/context.js';
import { eachRental, listRentals, rentalSliceSize } from '../../../core/rentals/index.js';
import type { RentalFilters, RentalRow } from '../../../core/rentals/index.js';
import type { WireFilters } from '../paging.js';

/** What the list was asked for, in this wire's words and in the core's; without a page, everything. */
export interface ListWanted {
  readonly asked: WireFilters;
  readonly filters: RentalFilters;
  readonly page: { readonly limit: number; readonly afterId: number } | undefined;
}

export interface OwnedPage {
  readonly asked: WireFilters;
  /** One more than fits the page where there is one; without a page, the first slice of all. */
  readonly rentals: readonly RentalRow[];
  readonly limit: number | undefined;
  /** The slices that follow, read as they are asked for. */
  readonly rest?: AsyncIterable<readonly RentalRow[]> | undefined;
}

/** The numbers of the account, all or a page. */
export async function listOwned({
  ctx,
  input: { asked, filters, page },
}: {
  ctx: RootContext;
  input: ListWanted;
}): Promise<OwnedPage> {
  if (!page) {
    const slices = eachRental({ ctx, input: filters });
    const first = await slices.next();
    const rentals = first.value ?? [];
    const rest = rentals.length < rentalSliceSize ? undefined : slices;
    return { asked, rentals, limit: undefined, rest };
  }
  const { limit, afterId } = page;
  const rentals = await listRentals({ ctx, input: { ...filters, afterId, limit: limit + 1 } });
  return { asked, rentals, limit };
}
