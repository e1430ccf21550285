// @ts-check
import parsePhoneNumber from 'libphonenumber-js/max';
import { byCodeUnit } from './order.mjs';

/** @typedef {{ first: string, last?: string, features?: string[] }} Range */
/**
 * @typedef {{ vendorExamples: Range[], losAngeles: Range[], northAmericanAreaCodes: string[],
 *   northAmericanFiction: { first: string, last: string }, reservedForFiction: Range[], inventedForTheDemo: Range[] }} DemoRanges
 */
/** @typedef {{ country: string, type: string }} Shelf */

const rangeLengthMax = 1000;
/** @type {Record<string, string>} libphonenumber's kinds in our words */
const typeByKind = {
  FIXED_LINE: 'local',
  FIXED_LINE_OR_MOBILE: 'local',
  MOBILE: 'mobile',
  TOLL_FREE: 'tollfree',
  SHARED_COST: 'sharedcost',
  VOIP: 'national',
  UAN: 'national',
};

/**
 * @param {DemoRanges} ranges
 * @returns {Range[]}
 */
function allRanges(ranges) {
  const { first, last } = ranges.northAmericanFiction;
  const northAmerican = ranges.northAmericanAreaCodes.map((code) => ({
    first: `+1${code}${first}`,
    last: `+1${code}${last}`,
  }));
  const { vendorExamples, losAngeles, reservedForFiction, inventedForTheDemo } = ranges;
  return [...vendorExamples, ...losAngeles, ...northAmerican, ...reservedForFiction, ...inventedForTheDemo];
}

/**
 * @param {Range} range
 * @returns {string[]}
 */
function numbersOf({ first, last = first }) {
  const count = Number(BigInt(last) - BigInt(first)) + 1;
  if (count < 1 || count > rangeLengthMax)
    throw new Error(`demo range of ${String(count)} numbers: ${first}`);
  return Array.from({ length: count }, (_, index) => `+${String(BigInt(first) + BigInt(index))}`);
}

/**
 * @param {DemoRanges} ranges
 * @param {(digits: string) => Shelf | null} shelfOfNumber by longest prefix
 * @returns {string} CSV; refuses a number that is not valid or that would land in the wrong group
 */
export function writeDemoStock(ranges, shelfOfNumber) {
  /** @type {Map<string, string>} */
  const featuresByNumber = new Map();
  for (const range of allRanges(ranges)) {
    for (const number of numbersOf(range)) {
      checkNumber(number, shelfOfNumber(number.slice(1)));
      if (!featuresByNumber.has(number)) featuresByNumber.set(number, (range.features ?? []).join('|'));
    }
  }
  const lines = [...featuresByNumber].sort((a, b) => byCodeUnit(a[0], b[0])).map((cells) => cells.join(','));
  return ['number,features', ...lines, ''].join('\n');
}

/**
 * @param {string} number
 * @param {Shelf | null} shelf
 */
function checkNumber(number, shelf) {
  const parsed = parsePhoneNumber(number);
  if (!parsed?.isValid()) throw new Error(`demo number is not valid: ${number}`);
  const type = typeByKind[parsed.getType() ?? ''];
  if (shelf?.country !== parsed.country || shelf?.type !== type) {
    throw new Error(
      `demo number ${number} (${String(parsed.country)} ${String(type)}) is on ${JSON.stringify(shelf)}`,
    );
  }
}
