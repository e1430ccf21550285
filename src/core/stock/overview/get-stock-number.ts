import { requireOperator } from '../../authority/index.js';
import type { Context } from '../../context.js';
import { domainError } from '../../errors.js';
import { e164Of } from '../../number-id.js';
import { asStockNumber } from './stock-number.js';
import type { StockNumber } from './stock-number.js';
import { findStockRows } from './store.js';

/** One number with its state and whoever has it. Raises forbidden, not_found (number). */
export async function getStockNumber({
  ctx,
  input,
}: {
  ctx: Context;
  input: { readonly numberId: number };
}): Promise<StockNumber> {
  requireOperator(ctx);
  const [row] = await findStockRows(ctx.sql, [input.numberId]);
  if (!row) throw domainError('not_found', { kind: 'number', id: e164Of(input.numberId) });
  return asStockNumber(row, ctx.clock.now());
}
