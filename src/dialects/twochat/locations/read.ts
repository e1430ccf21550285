import { readAll } from '../../../http/faults.js';
import type { Asked } from '../../../http/wire.js';
import { didTypeOf, idOf, requiredCountry } from '../parse.js';

/** Raises missing_input, invalid_input. */
export function countryOf({ query }: Asked): { readonly country: string } {
  return { country: requiredCountry(query) };
}

/** A country, or one of its regions under either of two names. Raises missing_input, invalid_input. */
export function citiesOf({ query }: Asked) {
  return readAll({
    country: () => requiredCountry(query),
    regionId: () => idOf(query, 'region') ?? idOf(query, 'region_id'),
  });
}

/** A country and at most one type of number. Raises missing_input, invalid_input. */
export function requirementsOf({ query }: Asked) {
  const { country, type } = readAll({
    country: () => requiredCountry(query),
    type: () => didTypeOf(query),
  });
  return { country, ...(type ? { types: [type] } : {}) };
}
