import { actingAccount } from '../../../core/authority/index.js';
import type { RootContext } from '../../../core/context.js';
import { buyNumber } from '../../../core/sales/index.js';
import type { HeldNumber } from '../numbers/verbs.js';
import type { purchaseWanted } from './read.js';

/** Buys a number and gives it as it is at that moment, in a repeat as well. Raises what buyNumber raises. */
export async function buyAndShow({
  ctx,
  input,
}: {
  ctx: RootContext;
  input: ReturnType<typeof purchaseWanted>;
}): Promise<HeldNumber> {
  const { applicationId, releasedAt, ...bought } = await buyNumber({ ctx, input });
  const startedAt = new Date(bought.startedAt);
  return {
    rental: {
      ...bought,
      account: actingAccount(ctx).publicId,
      pastDueSince: null,
      tags: [],
      cycleNumber: 0,
      nextChargeAt: new Date(bought.nextChargeAt),
      startedAt,
      updatedAt: startedAt,
    },
    pointsAt: applicationId === undefined ? [] : [{ kind: 'application', targetId: applicationId }],
    releasedAt: releasedAt === undefined ? undefined : new Date(releasedAt),
  };
}
