import { requireOperator } from '../../authority/index.js';
import type { Context } from '../../context.js';
import { idempotently } from '../../idempotency/index.js';
import { recordListChange, requireFreeName } from './create-price-list.js';
import { inheritanceOf } from './inherit.js';
import type { InheritInput } from './inherit.js';
import { cleanListName, namedPriceList } from './price-list.js';
import type { PriceList } from './price-list.js';
import { findPriceList, lockEveryPriceList, updatePriceList } from './store.js';
import type { Inheritance } from './store.js';

export interface ChangePriceListInput {
  /** Name or id. */
  readonly list: string;
  readonly name?: string | undefined;
  /** Null ends the inheritance; left out, it stays. */
  readonly inherit?: InheritInput | null | undefined;
}

/**
 * Renames a price list, or changes what it inherits; both hold for the next purchase, and change no rental.
 * Raises forbidden, invalid_input (name, inherit), not_found (price_list), idempotency_*.
 */
export async function changePriceList({
  ctx,
  input,
}: {
  ctx: Context;
  input: ChangePriceListInput;
}): Promise<PriceList> {
  requireOperator(ctx);
  const newName = input.name === undefined ? undefined : cleanListName(input.name);
  return idempotently(ctx, async (inner) => {
    const lists = await lockEveryPriceList(inner.sql);
    const before = await namedPriceList(inner, input.list);
    const name = newName ?? before.name;
    if (name !== before.name) requireFreeName(lists, name);
    const inherits = await newInheritance(inner, input.inherit, before, lists);
    await updatePriceList(inner.sql, before.id, name, inherits);
    const list = (await findPriceList(inner.sql, { id: before.id })) as PriceList;
    await recordListChange(inner, 'price_list.change', list, {
      before: { name: before.name, inherits: before.inherits },
    });
    return { result: list, subject: { kind: 'price_list', id: list.id } };
  });
}

async function newInheritance(
  ctx: Context,
  asked: InheritInput | null | undefined,
  { id, inherits }: PriceList,
  lists: Awaited<ReturnType<typeof lockEveryPriceList>>,
): Promise<Inheritance | null> {
  if (asked) return inheritanceOf(ctx, asked, { lists, id });
  if (asked === null || inherits === null) return null;
  return { parentId: inherits.id, adjustment: inherits.adjustment };
}
