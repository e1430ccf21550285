import { Type } from 'typebox';
import { featuresOf } from '../../../core/catalogue/index.js';
import type { Plain } from '../../../core/idempotency/index.js';
import { e164Of } from '../../../core/number-id.js';
import { AssignmentShape, renderAssignment } from '../assignments/shapes.js';
import { spellId, spellNumberId } from '../ids.js';
import { named, PriceShape, Timestamp } from '../schemas.js';
import { spellTime, spellTimeOrNull } from '../times.js';
import type { RentalShown } from './verbs.js';

export const RentalShape = named(
  'Rental',
  Type.Object({
    id: Type.String(),
    number_id: Type.String(),
    number: Type.String(),
    state: Type.String(),
    country: Type.String(),
    type: Type.String(),
    location: Type.String(),
    features: Type.Array(Type.String()),
    label: Type.Union([Type.String(), Type.Null()]),
    tags: Type.Array(Type.String()),
    assignments: Type.Array(AssignmentShape),
    price: PriceShape,
    order_id: Type.String(),
    address_id: Type.Union([Type.String(), Type.Null()], {
      description: 'The address that the number is registered with',
    }),
    started_at: Timestamp,
    next_charge_at: Timestamp,
    past_due_since: Type.Union([Timestamp, Type.Null()], {
      description:
        'The charge due then has not been paid; without money the number is released after the grace',
    }),
    released_at: Type.Union([Timestamp, Type.Null()]),
    reclaim_until: Type.Union([Timestamp, Type.Null()]),
    last_call_at: Type.Union([Timestamp, Type.Null()], {
      description: 'Start of the number’s latest call, whoever held it; now, while one goes on',
    }),
  }),
);

export function renderRental({ rental: row, assignments, lastCallAt }: RentalShown | Plain<RentalShown>) {
  return {
    id: spellId('rental', row.id),
    number_id: spellNumberId(row.numberId),
    number: e164Of(row.numberId),
    state: row.state,
    country: row.country,
    type: row.type,
    location: row.location,
    features: featuresOf(row.features),
    label: row.label,
    tags: row.tags,
    assignments: assignments.map(renderAssignment),
    price: {
      currency: row.currency,
      setup_minor: row.setupMinor,
      recurring_minor: row.recurringMinor,
      cycle: row.cycle,
    },
    order_id: spellId('order', row.orderId),
    address_id: row.addressId === null ? null : spellId('address', row.addressId),
    started_at: spellTime(row.startedAt),
    next_charge_at: spellTime(row.nextChargeAt),
    past_due_since: spellTimeOrNull(row.pastDueSince),
    released_at: spellTimeOrNull(row.releasedAt),
    reclaim_until: spellTimeOrNull(row.reclaimUntil),
    last_call_at: spellTimeOrNull(lastCallAt),
  };
}
