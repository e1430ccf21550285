import type { RootContext } from '../../../core/context.js';
import { buyNumbers, buyReservedNumbers } from '../../../core/sales/index.js';
import type { OrderLine, OrderResult } from '../../../core/sales/index.js';
import { preferredCurrency } from '../wallet.js';

/** Unmet requirements do not block a purchase here: the number waits for registration. */
const how = { preferCurrency: preferredCurrency, unmetRequirements: 'await' } as const;

/** Buys one number, or without a line all that the account holds. Raises what buyNumbers raises. */
export function buyOneOrHeld({
  ctx,
  input: line,
}: {
  ctx: RootContext;
  input: OrderLine | undefined;
}): Promise<OrderResult> {
  if (!line) return buyReservedNumbers({ ctx, input: how });
  return buyNumbers({ ctx, input: { ...how, lines: [line], mode: 'best_effort' } });
}
