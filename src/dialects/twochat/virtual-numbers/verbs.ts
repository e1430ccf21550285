import type { RootContext } from '../../../core/context.js';
import { listRentals } from '../../../core/rentals/index.js';
import type { RentalRow } from '../../../core/rentals/index.js';

/** A page of owned numbers, and which one it is. */
export async function listVirtualNumbers({
  ctx,
  input: { page, limit, offset },
}: {
  ctx: RootContext;
  input: { readonly page: number; readonly limit: number; readonly offset: number };
}): Promise<{ readonly page: number; readonly rentals: RentalRow[] }> {
  return { page, rentals: await listRentals({ ctx, input: { limit, offset } }) };
}
