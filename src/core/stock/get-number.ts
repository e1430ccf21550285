import type { Context } from '../context.js';
import { domainError } from '../errors.js';
import { e164Of } from '../number-id.js';
import { findNumber } from './search/index.js';
import type { FoundNumber } from './search/index.js';

/** One number of the stock, whoever has it: what it is, not whether it is for sale. Raises not_found (number). */
export async function getNumber({
  ctx,
  input,
}: {
  ctx: Context;
  input: { readonly numberId: number };
}): Promise<FoundNumber> {
  const found = await findNumber(ctx, input.numberId);
  if (!found) throw domainError('not_found', { kind: 'number', id: e164Of(input.numberId) });
  return found;
}
