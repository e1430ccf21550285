import { actingAccount } from '../../../core/authority/index.js';
import type { RootContext } from '../../../core/context.js';
import { lastReleases } from '../../../core/rentals/index.js';
import { buyNumber } from '../../../core/sales/index.js';
import type { HeldNumber } from '../numbers/verbs.js';
import type { purchaseWanted } from './read.js';

/**
 * Buys a number and gives it as it is at that moment, in a repeat as well: all but the number's past is in the desk's
 * result, and the past is the same whenever one looks. Raises what buyNumber raises.
 */
export async function buyAndShow({
  ctx,
  input,
}: {
  ctx: RootContext;
  input: ReturnType<typeof purchaseWanted>;
}): Promise<HeldNumber> {
  const { applicationId, startedAt: boughtAt, nextChargeAt, ...bought } = await buyNumber({ ctx, input });
  const { numberId } = bought;
  const startedAt = new Date(boughtAt);
  const releases = await lastReleases({ ctx, input: { numberIds: [numberId], begunBefore: startedAt } });
  return {
    rental: {
      ...bought,
      account: actingAccount(ctx).publicId,
      pastDueSince: null,
      tags: [],
      cycleNumber: 0,
      nextChargeAt: new Date(nextChargeAt),
      startedAt,
      updatedAt: startedAt,
    },
    pointsAt: applicationId === undefined ? [] : [{ kind: 'application', targetId: applicationId }],
    releasedAt: releases.get(numberId),
  };
}
