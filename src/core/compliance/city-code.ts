/** Where the zero in front of a city code is part of the number itself (ITU-T E.164, national numbering plans). */
const zeroIsDigit: ReadonlySet<string> = new Set(['IT']);

/** The digits of a city code without the zero that only calls from within the country dial. */
export function cityDigits(country: string, cityCode: string): string {
  return zeroIsDigit.has(country) ? cityCode : cityCode.replace(/^0+/, '');
}
