import type { Context } from '../../../core/context.js';
import { asOneWrite } from '../../../core/idempotency/index.js';
import { getRentalByNumber } from '../../../core/rentals/index.js';
import { assignRental } from '../../../core/routing/index.js';
import { agentIdNamed } from '../ids.js';

/** Connects a number to an agent. Raises not_found (number before agent), and what assignRental raises. */
export async function connectNumber({
  ctx,
  input: { numberId, agent },
}: {
  ctx: Context;
  input: { readonly numberId: number; readonly agent: string };
}): Promise<{ readonly numberId: number; readonly agentId: number }> {
  return asOneWrite(ctx, async (inner) => {
    const { id: rentalId } = await getRentalByNumber({ ctx: inner, input: { numberId } });
    const target = { kind: 'agent', id: agentIdNamed(agent) } as const;
    await assignRental({ ctx: inner, input: { rentalId, target, replace: 'allow' } });
    return { numberId, agentId: target.id };
  });
}
