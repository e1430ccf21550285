import type { Price } from '../../../core/billing/index.js';
import { catalogueLoadedAt, getGroups } from '../../../core/catalogue/index.js';
import type { Context } from '../../../core/context.js';
import { lastReleases } from '../../../core/rentals/index.js';
import { countNumbers, offerNumbers, pageOffsetMax, pageOfNumbers } from '../../../core/stock/index.js';
import type { FoundNumber } from '../../../core/stock/index.js';
import type { NumberedPage } from '../paging.js';
import type { InventoryWanted } from './read.js';

/** A number in stock with what is shown of it. */
export interface StockedNumber {
  readonly number: FoundNumber;
  readonly location: string;
  /** Undefined for a number that is not sold to this account. */
  readonly price: Price | undefined;
  readonly releasedAt: Date | undefined;
  /** When the catalogue was taken in. */
  readonly loadedAt: Date;
}

export interface InventoryPage extends NumberedPage {
  readonly numbers: readonly StockedNumber[];
  /** Exact, or the least that there are. */
  readonly total: number;
}

/** A page of what nobody holds and anybody may buy, in the order of the numbers. */
export async function listInventory({
  ctx,
  input,
}: {
  ctx: Context;
  input: InventoryWanted;
}): Promise<InventoryPage> {
  const { filters, page, perPage } = input;
  if (!filters) return { numbers: [], page, perPage, total: 0 };
  const tooFar = (page - 1) * perPage > pageOffsetMax;
  const [numbers, { total, isExact }] = await Promise.all([
    tooFar ? [] : pageOfNumbers({ ctx, input: { filters, page, perPage } }),
    countNumbers({ ctx, input: { filters } }),
  ]);
  // A total that was counted to a bound still covers this page and, behind a full one, says that there is more.
  const shownUntil = numbers.length === 0 ? 0 : (page - 1) * perPage + numbers.length;
  const atLeast = isExact || numbers.length < perPage ? shownUntil : shownUntil + 1;
  return { numbers: await described(ctx, numbers), page, perPage, total: Math.max(total, atLeast) };
}

async function described(ctx: Context, numbers: readonly FoundNumber[]): Promise<StockedNumber[]> {
  const [offers, groups, releases, loadedAt] = await Promise.all([
    offerNumbers({ ctx, input: { numbers } }),
    getGroups({ ctx, input: { ids: numbers.map((number) => number.groupId) } }),
    lastReleases({ ctx, input: { numberIds: numbers.map((number) => number.id) } }),
    catalogueLoadedAt({ ctx }),
  ]);
  return numbers.map((number) => ({
    number,
    location: groups.get(number.groupId)?.location ?? '',
    price: offers.get(number.id),
    releasedAt: releases.get(number.id),
    loadedAt,
  }));
}
