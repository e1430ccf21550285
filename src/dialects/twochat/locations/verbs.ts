import { actingAccount } from '../../../core/authority/index.js';
import type { NumberType } from '../../../core/catalogue/index.js';
import { listRequirements } from '../../../core/compliance/index.js';
import type { Requirement } from '../../../core/compliance/index.js';
import type { RootContext } from '../../../core/context.js';
import { countryHasStock } from '../../../core/stock/index.js';

/** What a country demands, where there is anything to sell in it. */
export async function listRequirementsOfStock({
  ctx,
  input,
}: {
  ctx: RootContext;
  input: { readonly country: string; readonly types?: readonly NumberType[] };
}): Promise<Requirement[]> {
  const { environment } = actingAccount(ctx);
  const stocked = await countryHasStock({ ctx, input: { country: input.country, environment } });
  return stocked ? listRequirements({ ctx, input }) : [];
}
