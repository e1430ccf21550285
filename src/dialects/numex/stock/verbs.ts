import { getAccount } from '../../../core/accounts/index.js';
import { requireOperator } from '../../../core/authority/index.js';
import { getGroup } from '../../../core/catalogue/index.js';
import type { RootContext } from '../../../core/context.js';
import { asOneWrite } from '../../../core/idempotency/index.js';
import { moveRental } from '../../../core/rentals/index.js';
import { countStock, listStock } from '../../../core/stock/index.js';
import type { CountStockInput, StockFilters } from '../../../core/stock/index.js';

/** What is looked for, with the group and the holder by their public ids. */
export interface StockAsked {
  readonly group: string | undefined;
  readonly holder?: string | undefined;
  readonly filters: Omit<StockFilters, 'groupId' | 'holder'>;
}

/** Raises forbidden, not_found (group, account), invalid_input. */
export async function listNamed({
  ctx,
  input: { group, holder, filters, ...page },
}: {
  ctx: RootContext;
  input: StockAsked & { readonly limit: number; readonly cursor: string | undefined };
}) {
  requireOperator(ctx);
  const groupId = await groupIdOf(ctx, group);
  const account = holder === undefined ? undefined : await getAccount({ ctx, input: { account: holder } });
  return listStock({ ctx, input: { filters: { ...filters, groupId, holder: account }, ...page } });
}

/** Raises forbidden, not_found (group), invalid_input. */
export async function countNamed({
  ctx,
  input: { group, ...input },
}: {
  ctx: RootContext;
  input: CountStockInput & { readonly group: string | undefined };
}) {
  requireOperator(ctx);
  const groupId = await groupIdOf(ctx, group);
  return countStock({ ctx, input: { ...input, filters: { ...input.filters, groupId } } });
}

export async function groupIdOf(ctx: RootContext, group: string | undefined): Promise<number | undefined> {
  return group === undefined ? undefined : (await getGroup({ ctx, input: { group } })).id;
}

/** Raises forbidden, not_found (account, number), and what moveRental refuses. */
export async function moveRentalTo({
  ctx,
  input: { to, ...input },
}: {
  ctx: RootContext;
  input: { readonly numberId: number; readonly to: string; readonly reason: string };
}) {
  requireOperator(ctx);
  return asOneWrite(ctx, async (inner) => {
    const account = await getAccount({ ctx: inner, input: { account: to } });
    return moveRental({ ctx: inner, input: { ...input, to: account } });
  });
}
