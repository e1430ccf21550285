import { cycleStart } from '../../../core/billing/index.js';
import type { Price } from '../../../core/billing/index.js';
import type { Feature } from '../../../core/catalogue/index.js';
import { featuresOf } from '../../../core/catalogue/index.js';
import { e164Of } from '../../../core/number-id.js';
import type { Assignment } from '../../../core/routing/index.js';
import { majorNumber } from '../../../lib/money.js';
import { spellApplicationId, spellNumberId, spellTrunkId } from '../ids.js';
import { statusOf } from './status.js';
import type { HeldNumber, HeldPage } from './verbs.js';

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

/** A number that an account holds, as lists and single answers show it. */
export function renderHeld({ rental, pointsAt, releasedAt }: HeldNumber) {
  const { state, startedAt, updatedAt, cycle, cycleNumber } = rental;
  const target = (kind: Assignment['kind']) => pointsAt.find((entry) => entry.kind === kind)?.targetId;
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

export function renderHeldPage({ numbers, page, perPage, total }: HeldPage) {
  return { items: numbers.map(renderHeld), page, per_page: perPage, total };
}
