import type { RootContext } from '../../../core/context.js';
import { getRental } from '../../../core/rentals/index.js';
import { getAssignment } from '../../../core/routing/index.js';
import type { Assignment, Target } from '../../../core/routing/index.js';

/** What one of the account's numbers points at. Raises not_found (rental, assignment). */
export async function getOwnAssignment({
  ctx,
  input,
}: {
  ctx: RootContext;
  input: { readonly rentalId: number; readonly kind: Target['kind'] };
}): Promise<Assignment> {
  await getRental({ ctx, input });
  return getAssignment({ ctx, input });
}
