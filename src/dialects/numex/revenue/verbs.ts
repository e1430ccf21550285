import type { Context, Environment } from '../../../core/context.js';
import { dueByDay } from '../../../core/rentals/index.js';
import { addSeconds, secondsPerDay } from '../../../lib/clock.js';

/** What falls due in the next days, and up to when. Raises forbidden. */
export async function dueWithin({
  ctx,
  input: { environment, days },
}: {
  ctx: Context;
  input: { readonly environment: Environment; readonly days: number };
}) {
  const until = addSeconds(ctx.clock.now(), days * secondsPerDay);
  return { until, days: await dueByDay({ ctx, input: { environment, until } }) };
}
