import type { Context } from '../../context.js';
import { domainError } from '../../errors.js';
import { textFault } from '../../../lib/text.js';
import { wholeBp } from '../price.js';
import type { PriceList } from './shown-list.js';
import { findPriceList, lockPriceList } from './store.js';

export type { PriceList } from './shown-list.js';

export const priceListsMax = 1000;
/** Rules of a list that are in force or planned, at most. */
export const priceRulesMax = 20_000;
export const priceListNameLengthMax = 100;
/** Bounds of the percentage of a list that inherits, in basis points. */
export const percentBpMin = -wholeBp;
export const percentBpMax = 10 * wholeBp;

/** Raises invalid_input (name). */
export function cleanListName(text: string): string {
  const name = text.trim();
  const fault = textFault(name, priceListNameLengthMax);
  const reason = fault ?? (/^(\d+$|prl_)/.test(name) ? 'must not look like an id' : undefined);
  if (reason !== undefined) throw domainError('invalid_input', { field: 'name', reason });
  return name;
}

/** A list by its name or its id in digits. Raises not_found (price_list). */
export async function namedPriceList(ctx: Context, list: string): Promise<PriceList> {
  const found = await findPriceList(ctx.sql, refOf(list));
  if (!found) throw domainError('not_found', { kind: 'price_list', id: list });
  return found;
}

/** The same, and nobody else changes the list or its rules until the transaction ends. */
export async function lockedPriceList(ctx: Context, list: string): Promise<PriceList> {
  const { id } = await namedPriceList(ctx, list);
  await lockPriceList(ctx.sql, id);
  return namedPriceList(ctx, String(id));
}

function refOf(list: string): { readonly id: number } | { readonly name: string } {
  return /^\d{1,9}$/.test(list) ? { id: Number(list) } : { name: list };
}
