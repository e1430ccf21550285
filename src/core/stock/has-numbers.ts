import type { Context } from '../context.js';
import { findAnyNumber } from './import/store.js';

/** Whether there is any number at all, of whatever environment and state. */
export async function hasNumbers({ ctx }: { ctx: Context }): Promise<boolean> {
  return findAnyNumber(ctx.sql);
}
