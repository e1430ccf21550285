import type { Context } from '../../context.js';
import { domainError } from '../../errors.js';
import { e164Of } from '../../number-id.js';
import { changeNumber } from './change-number.js';
import type { NumberChange } from './change-number.js';
import { deleteNumberRow, hasPast } from './store.js';

/**
 * Deletes a number that was never rented and had no calls, with its own prices and the holds that are over; the audit
 * trail keeps what is known of it.
 * Raises forbidden, invalid_input (reason), not_found (number), wrong_state, still_in_use, idempotency_*.
 */
export function deleteNumber({
  ctx,
  input,
}: {
  ctx: Context;
  input: NumberChange;
}): Promise<{ readonly numberId: number }> {
  const { numberId } = input;
  return changeNumber(ctx, input, {
    action: 'number.delete',
    allowed: ['in_stock', 'withdrawn'],
    work: async (inner) => {
      if (await hasPast(inner.sql, numberId)) {
        const uses = 'rentals or calls of it are on record; withdraw it instead';
        throw domainError('still_in_use', { kind: 'number', id: e164Of(numberId), uses });
      }
      await deleteNumberRow(inner.sql, numberId);
      return { result: { numberId } };
    },
  });
}
