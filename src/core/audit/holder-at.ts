import { requireOperator } from '../authority/index.js';
import type { Context } from '../context.js';
import { domainError } from '../errors.js';
import { e164Of } from '../number-id.js';
import { findHolder, isNumberKnown } from './trail-store.js';
import type { HolderRow } from './trail-store.js';

/**
 * Who had a number at an instant, and from when until when without a break; null when nobody had it.
 *
 * Raises forbidden, not_found (number).
 */
export async function holderAt({
  ctx,
  input,
}: {
  ctx: Context;
  input: { readonly numberId: number; readonly at: Date };
}): Promise<HolderRow | null> {
  requireOperator(ctx);
  const holder = await findHolder(ctx.sql, input.numberId, input.at);
  if (holder) return holder;
  if (await isNumberKnown(ctx.sql, input.numberId)) return null;
  throw domainError('not_found', { kind: 'number', id: e164Of(input.numberId) });
}
