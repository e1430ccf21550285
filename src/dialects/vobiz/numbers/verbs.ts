import { actingAccount } from '../../../core/authority/index.js';
import type { Context } from '../../../core/context.js';
import { domainError } from '../../../core/errors.js';
import { e164Of } from '../../../core/number-id.js';
import { getRentalByNumber, lastReleases, pageOfRentals } from '../../../core/rentals/index.js';
import type { HeldRental, RentalRow } from '../../../core/rentals/index.js';
import { assignmentsOf } from '../../../core/routing/index.js';
import type { Assignment } from '../../../core/routing/index.js';
import type { NumberedPage } from '../paging.js';
import type { HeldWanted } from './read.js';
import { statusOf } from './status.js';

/** What is shown of a rental. */
type ShownRental = Pick<
  HeldRental,
  | 'numberId'
  | 'account'
  | 'country'
  | 'location'
  | 'features'
  | 'currency'
  | 'setupMinor'
  | 'recurringMinor'
  | 'state'
  | 'pastDueSince'
  | 'tags'
  | 'cycle'
  | 'cycleNumber'
  | 'nextChargeAt'
  | 'startedAt'
  | 'updatedAt'
>;

/** A number that an account holds, with what is shown of it beside the rental. */
export interface HeldNumber {
  readonly rental: ShownRental;
  readonly pointsAt: readonly Pick<Assignment, 'kind' | 'targetId'>[];
  /** When it was last given up for good, by whoever had it before. */
  readonly releasedAt: Date | undefined;
}

export interface HeldPage extends NumberedPage {
  readonly numbers: readonly HeldNumber[];
  readonly total: number;
}

interface OfNumber {
  readonly ctx: Context;
  readonly input: { readonly numberId: number };
}

/** A page of the numbers that the account holds. */
export async function listHeld({ ctx, input }: { ctx: Context; input: HeldWanted }): Promise<HeldPage> {
  const { possible, digits, page, perPage, withSubAccounts } = input;
  if (!possible) return { numbers: [], page, perPage, total: 0 };
  const { rentals, total } = await pageOfRentals({ ctx, input: { page, perPage, withSubAccounts, digits } });
  return { numbers: await described(ctx, rentals), page, perPage, total };
}

/** One number that the account itself holds. Raises not_found (number). */
export async function getHeld({ ctx, input }: OfNumber): Promise<HeldNumber> {
  const rental = await getRentalByNumber({ ctx, input });
  const [held] = await described(ctx, [{ ...rental, account: actingAccount(ctx).publicId }]);
  return held as HeldNumber;
}

/** As getRentalByNumber, for routes that know only numbers in full use (contract 6). Raises not_found (number). */
export async function getActiveRental({ ctx, input }: OfNumber): Promise<RentalRow> {
  const rental = await getRentalByNumber({ ctx, input });
  if (statusOf(rental) === 'active') return rental;
  throw domainError('not_found', { kind: 'number', id: e164Of(rental.numberId) });
}

async function described(ctx: Context, rentals: readonly HeldRental[]): Promise<HeldNumber[]> {
  const [assignments, releases] = await Promise.all([
    assignmentsOf({ ctx, input: { rentalIds: rentals.map((rental) => rental.id) } }),
    lastReleases({ ctx, input: { numberIds: rentals.map((rental) => rental.numberId) } }),
  ]);
  return rentals.map((rental) => ({
    rental,
    pointsAt: assignments.get(rental.id) ?? [],
    releasedAt: releases.get(rental.numberId),
  }));
}
