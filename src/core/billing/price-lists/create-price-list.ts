import { recordChange } from '../../audit/index.js';
import { requireOperator } from '../../authority/index.js';
import type { Context } from '../../context.js';
import { domainError } from '../../errors.js';
import { idempotently } from '../../idempotency/index.js';
import { inheritanceOf } from './inherit.js';
import type { InheritInput } from './inherit.js';
import { cleanListName, namedPriceList, priceListsMax } from './price-list.js';
import type { PriceList } from './price-list.js';
import { copyRules, findPriceList, insertPriceList, lockEveryPriceList } from './store.js';

export interface CreatePriceListInput {
  readonly name: string;
  /** A list whose rules, and whatever it inherits, are copied. */
  readonly cloneOf?: string | undefined;
  /** A list that prices without a rule of this one are taken from. */
  readonly inherit?: InheritInput | undefined;
}

/**
 * Makes a price list: empty, as a copy of another, or one that inherits from another. A copy goes its own way from then
 * on; a list that inherits follows its parent.
 * Raises forbidden, invalid_input (name, inherit), not_found (price_list), idempotency_*.
 */
export async function createPriceList({
  ctx,
  input,
}: {
  ctx: Context;
  input: CreatePriceListInput;
}): Promise<PriceList> {
  requireOperator(ctx);
  const name = cleanListName(input.name);
  if (input.cloneOf !== undefined && input.inherit !== undefined) {
    throw domainError('invalid_input', {
      field: 'inherit',
      reason: 'cannot be asked for together with a copy',
    });
  }
  return idempotently(ctx, async (inner) => {
    const lists = await lockEveryPriceList(inner.sql);
    if (lists.length >= priceListsMax) {
      throw domainError('invalid_input', {
        field: 'name',
        reason: `there are ${priceListsMax} lists already`,
      });
    }
    requireFreeName(lists, name);
    const model = input.cloneOf === undefined ? undefined : await namedPriceList(inner, input.cloneOf);
    const inherits = input.inherit
      ? await inheritanceOf(inner, input.inherit, { lists, id: undefined })
      : model?.inherits
        ? { parentId: model.inherits.id, adjustment: model.inherits.adjustment }
        : null;
    const id = await insertPriceList(inner.sql, name, inherits);
    if (model) await copyRules(inner.sql, model.id, id);
    const list = (await findPriceList(inner.sql, { id })) as PriceList;
    await recordListChange(inner, 'price_list.create', list, { clone_of: model?.name ?? null });
    return { result: list, subject: { kind: 'price_list', id } };
  });
}

/** Raises invalid_input (name). */
export function requireFreeName(lists: readonly { readonly name: string }[], name: string): void {
  if (!lists.some((list) => list.name === name)) return;
  throw domainError('invalid_input', { field: 'name', reason: 'is the name of another price list' });
}

/** The audit row of a new or changed list. */
export async function recordListChange(
  ctx: Context,
  action: 'price_list.create' | 'price_list.change',
  { id, name, inherits }: PriceList,
  details: Readonly<Record<string, unknown>>,
): Promise<void> {
  await recordChange(ctx, {
    environment: null,
    accountId: null,
    action,
    subjectKind: 'price_list',
    subjectId: id,
    numberId: null,
    details: { name, inherits, ...details },
  });
}
