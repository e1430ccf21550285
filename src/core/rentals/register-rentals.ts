import { recordChanges } from '../audit/index.js';
import { findAddressFacts, findRequirements, isRequirementMet, requirementOf } from '../compliance/index.js';
import type { AddressRow } from '../compliance/index.js';
import { actorName } from '../context.js';
import type { Context } from '../context.js';
import { digitsOf, e164Of } from '../number-id.js';
import { listAwaitingRentals, lockAwaitingNumbers, markRegistered } from './registration-store.js';
import type { AwaitingRental } from './registration-store.js';

/**
 * Lets the account's rentals that waited for an address like this one be used, in the caller's transaction, which has
 * locked the numbers that waited and then the address.
 */
export async function registerRentals(ctx: Context, address: AddressRow): Promise<void> {
  // Those bought between the two locks. Taken out of order, so in theory a deadlock, which would be repeated.
  await lockAwaitingNumbers(ctx.sql, address.accountId);
  const met = await thoseMet(ctx, address);
  if (met.length === 0) return;
  const at = ctx.clock.now();
  await markRegistered(
    ctx.sql,
    met.map((rental) => rental.id),
    address.id,
    at,
  );
  await recordChanges(
    ctx.sql,
    met.map((rental) => ({
      at,
      environment: address.environment,
      accountId: address.accountId,
      actor: actorName(ctx.actor),
      requestId: ctx.requestId,
      action: 'number.register',
      subjectKind: 'rental',
      subjectId: rental.id,
      numberId: rental.numberId,
      details: { number: e164Of(rental.numberId), state: 'active', address_id: address.id },
      event: 'number.registered',
    })),
  );
}

async function thoseMet({ sql }: Context, address: AddressRow): Promise<AwaitingRental[]> {
  const awaiting = await listAwaitingRentals(sql, address.accountId);
  if (awaiting.length === 0) return [];
  const [requirements, [facts]] = await Promise.all([
    findRequirements(sql, [...new Set(awaiting.map((rental) => rental.country))]),
    findAddressFacts(sql, [address.id], [], false),
  ]);
  return awaiting.filter(({ numberId, country, type }) =>
    isRequirementMet(requirementOf(requirements, country, type), facts, digitsOf(numberId)),
  );
}
