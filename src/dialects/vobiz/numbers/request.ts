import { actingAccount } from '../../../core/authority/index.js';
import type { RootContext } from '../../../core/context.js';
import { domainError } from '../../../core/errors.js';
import { e164Of, numberIdOf } from '../../../core/number-id.js';
import { getRentalByNumber } from '../../../core/rentals/index.js';
import type { RentalRow } from '../../../core/rentals/index.js';
import { digitsInPath } from '../parse.js';
import { statusOf } from './response.js';

/** The number that a path names, in the acting account's environment. */
export function numberIdInPath(ctx: RootContext, params: Readonly<Record<string, string>>): number {
  return numberIdOf(digitsInPath(params['number'] ?? ''), actingAccount(ctx).environment);
}

/** The acting account's rental of the number that a path names. Raises invalid_input, not_found (number). */
export async function rentalInPath(
  ctx: RootContext,
  params: Readonly<Record<string, string>>,
): Promise<RentalRow> {
  return getRentalByNumber({ ctx, input: { numberId: numberIdInPath(ctx, params) } });
}

/** As rentalInPath, for routes that know only numbers in full use (contract 6). */
export async function activeRentalInPath(
  ctx: RootContext,
  params: Readonly<Record<string, string>>,
): Promise<RentalRow> {
  const rental = await rentalInPath(ctx, params);
  if (statusOf(rental) !== 'active') {
    throw domainError('not_found', { kind: 'number', id: e164Of(rental.numberId) });
  }
  return rental;
}
