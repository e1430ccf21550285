/** Dialling codes of cities as they are dialled at home, such as `020` (contract 2.1). */

/** Where no zero is dialled in front, or where the zero is part of the number itself. */
const withoutTrunkZero = new Set(['CZ', 'DK', 'EE', 'ES', 'GR', 'IT', 'LU', 'LV', 'MT', 'NO', 'PL', 'PT']);
/** North America has area codes instead (ITU-T E.164 country code 1). */
export const areaCodeCountries: ReadonlySet<string> = new Set(['US', 'CA']);

/** True for every country but those of contract 4.8 that sell without an address of one's own. */
export function requiresAddress(country: string): boolean {
  return !areaCodeCountries.has(country);
}

/** The city code of a shelf, from its dialling prefix with the country code: `3120` is `020`. */
export function cityCodeOf(country: string, dialPrefix: string, callingCode: string): string | null {
  const digits = dialPrefix.startsWith(callingCode) ? dialPrefix.slice(callingCode.length) : '';
  if (digits === '') return null;
  return withoutTrunkZero.has(country) ? digits : `0${digits}`;
}
