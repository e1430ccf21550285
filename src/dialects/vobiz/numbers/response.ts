import { cycleStart } from '../../../core/billing/index.js';
import type { Price } from '../../../core/billing/index.js';
import type { Feature } from '../../../core/catalogue/index.js';
import { featuresOf } from '../../../core/catalogue/index.js';
import type { RootContext } from '../../../core/context.js';
import { e164Of } from '../../../core/number-id.js';
import { lastReleases } from '../../../core/rentals/index.js';
import type { HeldRental, RentalRow, RentalState } from '../../../core/rentals/index.js';
import { assignmentsOf } from '../../../core/routing/index.js';
import type { Assignment } from '../../../core/routing/index.js';
import { majorNumber } from '../../../lib/money.js';
import { spellApplicationId, spellNumberId, spellTrunkId } from '../ids.js';

/** What this wire calls the state of a rental (contract 2); documents that are outstanding have no word here. */
const statuses: Readonly<Record<RentalState, string>> = {
  active: 'active',
  awaiting_registration: 'active',
  suspended: 'blocked',
  pending_release: 'pending_release',
  ended: 'released',
};

/** A number whose rent is owed is blocked until it is paid (contract 8.3). */
export function statusOf({ state, pastDueSince }: Pick<RentalRow, 'state' | 'pastDueSince'>): string {
  const owed = pastDueSince !== null && statuses[state] === 'active';
  return owed ? 'blocked' : statuses[state];
}

/** What a number is, in stock and held alike. */
export function renderWhat(number: {
  readonly numberId: number;
  readonly country: string;
  readonly region: string;
  readonly features: readonly Feature[];
  readonly price: Pick<Price, 'currency' | 'setupMinor' | 'recurringMinor'>;
}) {
  const { numberId, country, region, features, price } = number;
  const voice = features.includes('voice');
  const sms = features.includes('sms_in') && features.includes('sms_out');
  return {
    id: spellNumberId(numberId),
    e164: e164Of(numberId),
    country,
    region,
    capabilities: { voice, sms, mms: false, fax: false },
    provider: '',
    setup_fee: majorNumber(price.setupMinor, price.currency),
    monthly_fee: majorNumber(price.recurringMinor, price.currency),
    currency: price.currency,
    voice_enabled: voice,
    is_trial_number: false,
    minimum_commitment_months: 0,
    aadhaar_verification_required: false,
    aadhaar_verified: false,
  };
}

/** Numbers that accounts hold, as lists and single answers show them. */
export async function renderHeld(ctx: RootContext, rentals: readonly HeldRental[]) {
  const [assignments, releases] = await Promise.all([
    assignmentsOf({ ctx, input: { rentalIds: rentals.map((rental) => rental.id) } }),
    lastReleases({ ctx, input: { numberIds: rentals.map((rental) => rental.numberId) } }),
  ]);
  return rentals.map((rental) =>
    renderOne(rental, assignments.get(rental.id) ?? [], releases.get(rental.numberId)),
  );
}

function renderOne(rental: HeldRental, assignments: readonly Assignment[], releasedAt: Date | undefined) {
  const { state, startedAt, updatedAt, cycle, cycleNumber } = rental;
  const target = (kind: Assignment['kind']) => assignments.find((entry) => entry.kind === kind)?.targetId;
  const [applicationId, trunkId] = [target('application'), target('trunk')];
  return {
    ...renderWhat({
      numberId: rental.numberId,
      country: rental.country,
      region: rental.location,
      features: featuresOf(rental.features),
      price: rental,
    }),
    account_id: rental.account,
    status: statusOf(rental),
    is_blocked: statusOf(rental) === 'blocked',
    tags: rental.tags,
    source: 'purchased',
    ...(applicationId === undefined ? {} : { application_id: spellApplicationId(applicationId) }),
    ...(trunkId === undefined ? {} : { trunk_group_id: spellTrunkId(trunkId) }),
    purchased_at: startedAt.toISOString(),
    ...(releasedAt ? { released_at: releasedAt.toISOString() } : {}),
    last_billing_date: cycleStart(cycle, startedAt, cycleNumber).toISOString(),
    // Rent stops with the release; whoever cancels it has the old date again.
    ...(state === 'pending_release' ? {} : { next_billing_date: rental.nextChargeAt.toISOString() }),
    created_at: startedAt.toISOString(),
    updated_at: updatedAt.toISOString(),
  };
}
