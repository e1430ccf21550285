/**
 * Dialling codes of cities as they are dialled at home, such as `020` (contract 2.1), and the leading digits in E.164.
 */

/** Where no zero is dialled in front, or where the zero is part of the number itself. */
const withoutTrunkZero = new Set(['CZ', 'DK', 'EE', 'ES', 'GR', 'IT', 'LU', 'LV', 'MT', 'NO', 'PL', 'PT']);
const zeroIsDigit = new Set(['IT']);
/** North America has area codes instead (ITU-T E.164 country code 1). */
export const areaCodeCountries: ReadonlySet<string> = new Set(['US', 'CA']);

/** The digits of a city code without the zero that only calls from within the country dial. */
export function cityDigits(country: string, cityCode: string): string {
  return zeroIsDigit.has(country) ? cityCode : cityCode.replace(/^0+/, '');
}

/** The city code of a shelf, from its dialling prefix with the country code: `3120` is `020`. */
export function cityCodeOf(country: string, dialPrefix: string, callingCode: string): string | null {
  const digits = dialPrefix.startsWith(callingCode) ? dialPrefix.slice(callingCode.length) : '';
  if (digits === '') return null;
  return withoutTrunkZero.has(country) ? digits : `0${digits}`;
}
