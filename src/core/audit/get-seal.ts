import { requireOperator } from '../authority/index.js';
import type { Context } from '../context.js';
import { domainError } from '../errors.js';
import { findSeal } from './seal-store.js';
import type { SealRow } from './seal-store.js';

/**
 * The last seal of the chain, or the one at `seq`: its hash, kept elsewhere, proves later that nothing up to it has
 * been rewritten.
 * Raises forbidden, invalid_input for a seal that is not there.
 */
export async function getSeal({
  ctx,
  input,
}: {
  ctx: Context;
  input: { readonly seq?: number | undefined };
}): Promise<SealRow> {
  requireOperator(ctx);
  const row = await findSeal(ctx.sql, input.seq ?? null);
  if (!row) throw domainError('invalid_input', { field: 'seal', reason: 'no such seal in the chain' });
  return row;
}
