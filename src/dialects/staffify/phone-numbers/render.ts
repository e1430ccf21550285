import type { Country } from '../../../core/catalogue/index.js';
import type { Plain } from '../../../core/idempotency/index.js';
import { e164Of } from '../../../core/number-id.js';
import type { Assignment } from '../../../core/routing/index.js';
import { majorNumber } from '../../../lib/money.js';
import { cut } from '../paging.js';
import { areaCodeCountries, cityCodeOf, requiresAddress } from './city-code.js';
import { wireTypeOf } from './types.js';
import type { Offer, Owned } from './verbs.js';

/** A number for sale (contract 2.1). */
export function renderOffer({ number, group, callingCode, price }: Offer) {
  const { country, type } = number;
  const local = type === 'local';
  const place = areaCodeCountries.has(country)
    ? { area_code: local ? e164Of(number.id).slice(2, 5) : null }
    : { city_code: local ? cityCodeOf(country, group.dialPrefix, callingCode) : null };
  return {
    phone_number: e164Of(number.id),
    country_code: country,
    number_type: wireTypeOf(type),
    ...place,
    locality: local && group.location !== '' ? group.location : null,
    monthly_cost: majorNumber(price.recurringMinor, price.currency),
    currency: price.currency,
  };
}

/** The United States first, then by name (contract 4.8). */
export function renderCountries(countries: readonly Country[]) {
  const [home] = countries.filter(({ code }) => code === 'US');
  const others = countries.filter((country) => country !== home);
  others.sort((a, b) => (a.name < b.name ? -1 : 1));
  const all = home ? [home, ...others] : others;
  return {
    countries: all.map(({ code, name }) => ({ code, name, requires_address: requiresAddress(code) })),
  };
}

/** An owned number (contract 3); its times may have been stored as text. */
export function renderOwned({ rental, agent }: Owned | Plain<Owned>) {
  const pending = rental.state === 'pending_release';
  return {
    id: rental.id,
    phone_number: e164Of(rental.numberId),
    status: pending ? 'pending_release' : 'active',
    agent_id: agent?.id ?? null,
    agent_name: agent?.name ?? null,
    tags: rental.tags,
    ...(pending && rental.reclaimUntil !== null
      ? { reclaim_before: new Date(rental.reclaimUntil).toISOString() }
      : {}),
  };
}

export function renderOwnedPage({
  rows,
  limit,
}: {
  readonly rows: readonly Owned[];
  readonly limit: number;
}) {
  const { page, nextCursor } = cut(
    rows.map((owned) => ({ id: owned.rental.id, owned })),
    limit,
  );
  return { phone_numbers: page.map(({ owned }) => renderOwned(owned)), next_cursor: nextCursor };
}

export function renderAssigned({ rentalId, targetId }: Assignment) {
  return { success: true, phone_number_id: rentalId, agent_id: targetId };
}
