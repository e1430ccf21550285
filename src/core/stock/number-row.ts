import { assert } from '../../lib/assert.js';

export { digitsOf, e164Of, environmentOf, idRangeOf, numberIdOf } from '../number-id.js';
export {
  featureBits,
  featureMask,
  featureNames,
  featuresOf,
  numberTypes,
  typeLetter,
  typeOfLetter,
} from '../catalogue/index.js';
export type { Feature, NumberType } from '../catalogue/index.js';

/** How a number is written in its row: integers and single letters, made for ten million rows and more. */

/** The country code as a base-26 integer: `AA` is 0, `ZZ` is 675. */
export function countryNo(code: string): number {
  assert(/^[A-Z]{2}$/.test(code), `ISO 3166-1 alpha-2, not ${code}`);
  return (code.charCodeAt(0) - 65) * 26 + (code.charCodeAt(1) - 65);
}

export function countryOfNo(no: number): string {
  return String.fromCharCode(65 + Math.floor(no / 26), 65 + (no % 26));
}
