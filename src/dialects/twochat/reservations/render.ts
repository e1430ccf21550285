import { featuresOf } from '../../../core/catalogue/index.js';
import type { ReservationResult } from '../../../core/sales/index.js';
import { e164Of } from '../../../core/number-id.js';
import { isoSeconds } from '../../../lib/clock.js';
import { spellUuid } from '../../../lib/ids.js';
import { majorNumber } from '../../../lib/money.js';
import type { Hold } from './verbs.js';

/** A hold as its creation answers it (contract 8.1). */
export function renderNewHold(hold: ReservationResult) {
  return {
    uuid: spellUuid('reservation', hold.reservationId),
    number: e164Of(hold.numberId),
    created_at: isoSeconds(new Date(hold.createdAt)),
    expires_at: isoSeconds(new Date(hold.expiresAt)),
  };
}

/** A hold as the list shows it: other names for the same times, and prices as numbers (contract 8.2). */
export function renderHold({ reservation: hold, group, price, requirement }: Hold) {
  const features = featuresOf(group.features);
  const major = (minor: number): number => (price ? majorNumber(minor, price.currency) : 0);
  return {
    uuid: spellUuid('reservation', hold.id),
    number: e164Of(hold.numberId),
    did_group_id: group.publicId,
    did_type: group.type,
    iso_country_code: group.country,
    location: group.location,
    setup_price: major(price?.setupMinor ?? 0),
    monthly_price: major(price?.recurringMinor ?? 0),
    ppm: 0,
    reservation_date: isoSeconds(hold.createdAt),
    reservation_end_date: isoSeconds(hold.expiresAt),
    needs_registration: requirement.needsRegistration,
    supports_sms_in: features.includes('sms_in'),
    supports_sms_out: features.includes('sms_out'),
  };
}

/** Contract 8.3. */
export function renderCancelled({ reservationId }: { readonly reservationId: number }) {
  const uuid = spellUuid('reservation', reservationId);
  return { success: true, message: `Reservation ${uuid} cancelled successfully` };
}
