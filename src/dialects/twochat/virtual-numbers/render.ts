import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import type { RentalRow, RentalState } from '../../../core/rentals/index.js';
import { e164Of } from '../../../core/number-id.js';
import { isoSeconds } from '../../../lib/clock.js';
import { accountUuid, virtualNumberUuid } from '../ids.js';

/** Status integers and texts (contract 11): one table, so that they can be corrected in one place. */
const statuses: Readonly<Record<RentalState, readonly [number, string]>> = {
  active: [1, 'ACTIVE'],
  awaiting_registration: [2, 'AWAITING_REGISTRATION'],
  pending_release: [4, 'PENDING_CANCELLATION'],
  ended: [5, 'RELEASED'],
  suspended: [6, 'SUSPENDED'],
};

/** The number for reading: `+1 503-555-0142`, `+31 20 456 7890`. */
function spaced(number: string): string {
  const northAmerican = /^\+1(\d{3})(\d{3})(\d{4})$/.exec(number);
  if (northAmerican) return `+1 ${northAmerican.slice(1).join('-')}`;
  return parsePhoneNumberFromString(number)?.formatInternational() ?? number;
}

/** An owned number as the list shows it (contract 9.1). */
function renderVirtualNumber(rental: RentalRow) {
  const number = e164Of(rental.numberId);
  const [status, statusText] = statuses[rental.state];
  return {
    uuid: virtualNumberUuid(rental.id),
    account_uuid: accountUuid(rental.accountId),
    phone_number: number,
    formatted_phone_number: spaced(number),
    iso_country_code: rental.country,
    region_name: rental.location,
    emoji: null,
    friendly_name: rental.label === null || rental.label === '' ? number : rental.label,
    record_inbound: false,
    is_toll_free: rental.type === 'tollfree',
    provider_type: rental.type === 'sharedcost' ? 'shared-cost' : rental.type,
    priced_per_minute: false,
    incoming_price_per_minute: 0,
    ivr_uuid: null,
    timezone: rental.timeZone ?? 'UTC',
    status,
    status_text: statusText,
    created_at: isoSeconds(rental.startedAt),
    updated_at: isoSeconds(rental.updatedAt),
    expires_at: isoSeconds(rental.reclaimUntil ?? rental.nextChargeAt),
  };
}

export function renderVirtualNumbers(found: {
  readonly page: number;
  readonly rentals: readonly RentalRow[];
}) {
  const { page, rentals } = found;
  return { success: true, count: rentals.length, page, numbers: rentals.map(renderVirtualNumber) };
}
