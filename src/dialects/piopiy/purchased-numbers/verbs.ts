import type { RootContext } from '../../../core/context.js';
import { listEveryRental, listRentals } from '../../../core/rentals/index.js';
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
  /** One more than fits the page where there is one. */
  readonly rentals: readonly RentalRow[];
  readonly limit: number | undefined;
}

/** The numbers of the account, all or a page. */
export async function listOwned({
  ctx,
  input: { asked, filters, page },
}: {
  ctx: RootContext;
  input: ListWanted;
}): Promise<OwnedPage> {
  if (!page) return { asked, rentals: await listEveryRental({ ctx, input: filters }), limit: undefined };
  const { limit, afterId } = page;
  const rentals = await listRentals({ ctx, input: { ...filters, afterId, limit: limit + 1 } });
  return { asked, rentals, limit };
}
