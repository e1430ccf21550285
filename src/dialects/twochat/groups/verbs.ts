import { actingAccount } from '../../../core/authority/index.js';
import type { Price } from '../../../core/billing/index.js';
import { getGroup, searchGroups } from '../../../core/catalogue/index.js';
import type { Group, GroupFilters } from '../../../core/catalogue/index.js';
import { listRequirements, requirementOf } from '../../../core/compliance/index.js';
import type { Requirement } from '../../../core/compliance/index.js';
import type { RootContext } from '../../../core/context.js';
import { domainError } from '../../../core/errors.js';
import { searchAll } from '../../../core/stock/index.js';
import type { FoundNumber } from '../../../core/stock/index.js';
import { pricesFor } from '../wallet.js';

/** Numbers listed of one group at most (contract 1.6): clients narrow with number_contains. */
const availableMax = 1000;

/** A group that is sold to this account, with what the answer shows of it. */
export interface OfferedGroup {
  readonly group: Group;
  readonly price: Price;
  readonly requirement: Requirement;
}

/** Groups with something to sell to this account. */
export async function searchOfferedGroups({
  ctx,
  input: filters,
}: {
  ctx: RootContext;
  input: GroupFilters;
}): Promise<OfferedGroup[]> {
  const { environment } = actingAccount(ctx);
  const groups = await searchGroups({ ctx, input: { environment, filters } });
  const [prices, requirements] = await Promise.all([
    pricesFor(ctx, groups),
    listRequirements({ ctx, input: { country: filters.country } }),
  ]);
  return groups.flatMap((group) => {
    const price = prices.get(group.id);
    const requirement = requirementOf(requirements, group.country, group.type);
    return price ? [{ group, price, requirement }] : [];
  });
}

/** Numbers of a group that may be picked. Raises not_found (group), selection_not_allowed. */
export async function listAvailable({
  ctx,
  input,
}: {
  ctx: RootContext;
  input: { readonly group: string; readonly contains: string | undefined };
}): Promise<readonly Pick<FoundNumber, 'id'>[]> {
  const group = await getGroup({ ctx, input });
  if (!group.allowNumberSelection) throw domainError('selection_not_allowed', { group: group.publicId });
  const { environment } = actingAccount(ctx);
  const filters = { environment, groupId: group.id, contains: input.contains };
  return searchAll({ ctx, input: { filters, max: availableMax } });
}
