import type { Context } from '../../context.js';
import { asFound } from './found-number.js';
import type { FoundNumber } from './found-number.js';
import { numbersById } from './listing-store.js';

/** One number by its row id, in whatever state it is. */
export async function findNumber(ctx: Context, numberId: number): Promise<FoundNumber | undefined> {
  const [row] = await numbersById(ctx.sql, [numberId]);
  return row && asFound(row);
}
