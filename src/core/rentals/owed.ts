import { actingAccount } from '../authority/index.js';
import type { Context } from '../context.js';
import { findUpcomingCharges, sumUpcomingCharges } from './owed-store.js';
import type { OwedSum, UpcomingChargeRow } from './owed-store.js';

/** The charge that a page begins behind. */
export interface ChargePosition {
  readonly at: Date;
  /** Of its rental. */
  readonly id: number;
}

/**
 * What is owed: a page of the charges that fall due up to a time, the earliest first, and the exact sums of all of them
 * per currency. Every rental that goes on counts; one that is being released is not charged again.
 * Raises forbidden, account_blocked.
 */
export async function listOwed({
  ctx,
  input,
}: {
  ctx: Context;
  input: { readonly until: Date; readonly after?: ChargePosition | undefined; readonly limit: number };
}): Promise<{ charges: UpcomingChargeRow[]; totals: OwedSum[] }> {
  const { until, after, limit } = input;
  const scope = { accountId: actingAccount(ctx).id, until };
  const [charges, totals] = await Promise.all([
    findUpcomingCharges(ctx.sql, scope, { after, limit }),
    sumUpcomingCharges(ctx.sql, scope),
  ]);
  return { charges, totals };
}
