import { getGroup, getGroups } from '../../../core/catalogue/index.js';
import type { Group } from '../../../core/catalogue/index.js';
import type { RootContext } from '../../../core/context.js';
import { searchNumbers } from '../../../core/stock/index.js';
import type { FoundNumber, NumberFilters } from '../../../core/stock/index.js';

/** A page of numbers in stock, with the groups that they are of; `group` is the public id of the only one wanted. */
export async function searchShelves({
  ctx,
  input: { filters: asked, group, limit, cursor },
}: {
  ctx: RootContext;
  input: {
    readonly filters: NumberFilters;
    readonly group: string | undefined;
    readonly limit: number;
    readonly cursor: string | undefined;
  };
}): Promise<{
  readonly numbers: readonly FoundNumber[];
  readonly groups: ReadonlyMap<number, Group>;
  readonly nextCursor: string | null;
}> {
  const filters =
    group === undefined ? asked : { ...asked, groupId: (await getGroup({ ctx, input: { group } })).id };
  const { numbers, nextCursor } = await searchNumbers({ ctx, input: { filters, limit, cursor } });
  const groups = await getGroups({ ctx, input: { ids: numbers.map((found) => found.groupId) } });
  return { numbers, groups, nextCursor };
}
