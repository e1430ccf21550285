import type { Context } from '../../context.js';
import { domainError } from '../../errors.js';
import { isCurrency } from '../../../lib/money.js';
import { priceMinorMax } from '../price.js';
import type { ListedPrices, PriceAdjustment } from '../price-book.js';
import { priceListDepthMax } from '../store.js';
import { namedPriceList, percentBpMax, percentBpMin } from './price-list.js';
import type { Inheritance } from './store.js';

export interface InheritInput {
  /** Name or id of the parent list. */
  readonly list: string;
  readonly adjustment: PriceAdjustment;
}

function refused(field: string, reason: string) {
  return domainError('invalid_input', { field, reason });
}

/**
 * The inheritance that is asked for, if the list `id` (undefined for a new one) may have it.
 * Raises not_found (price_list), invalid_input (inherit, percent, currency, setup_minor, recurring_minor).
 */
export async function inheritanceOf(
  ctx: Context,
  { list, adjustment }: InheritInput,
  { lists, id }: { readonly lists: readonly ListedPrices[]; readonly id: number | undefined },
): Promise<Inheritance> {
  checkAdjustment(adjustment);
  const parent = await namedPriceList(ctx, list);
  const byId = new Map(lists.map((known) => [known.id, known]));
  let above = 0;
  for (let at = byId.get(parent.id); at; at = at.parentId === null ? undefined : byId.get(at.parentId)) {
    if (at.id === id) throw refused('inherit', 'would make the list inherit from itself');
    above += 1;
  }
  if (above + levelsBelow(lists, id) > priceListDepthMax) {
    throw refused('inherit', `would make a chain of more than ${priceListDepthMax} lists`);
  }
  return { parentId: parent.id, adjustment };
}

/** How many levels a list and those that inherit from it make. */
function levelsBelow(lists: readonly ListedPrices[], id: number | undefined): number {
  if (id === undefined) return 1;
  const below = lists.filter((list) => list.parentId === id).map((list) => levelsBelow(lists, list.id));
  return 1 + Math.max(0, ...below);
}

function checkAdjustment(adjustment: PriceAdjustment): void {
  if (adjustment.kind === 'percent') {
    const { percentBp } = adjustment;
    if (Number.isInteger(percentBp) && percentBp >= percentBpMin && percentBp <= percentBpMax) return;
    const range = `${percentBpMin / 100} to ${percentBpMax / 100}`;
    throw refused('percent', `must be from ${range}, with two decimals at most`);
  }
  if (!isCurrency(adjustment.currency)) throw refused('currency', 'must be an ISO 4217 code such as EUR');
  for (const [field, minor] of [
    ['setup_minor', adjustment.setupMinor],
    ['recurring_minor', adjustment.recurringMinor],
  ] as const) {
    if (!Number.isSafeInteger(minor) || Math.abs(minor) > priceMinorMax) {
      throw refused(field, `must be a whole number of minor units up to ${priceMinorMax}`);
    }
  }
}
