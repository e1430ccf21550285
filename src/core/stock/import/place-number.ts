import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { parseE164Lenient } from '../../../lib/e164.js';
import { isCurrency, parseMajor } from '../../../lib/money.js';
import type { Price } from '../../billing/index.js';
import type { Group, PrefixRow } from '../../catalogue/index.js';
import { featureBits } from '../number-row.js';
import type { RawLine } from './raw-line.js';

/** A number that may go into stock: what its row needs, before the environment is known. */
export interface PlacedNumber {
  readonly digits: number;
  readonly group: Group;
  readonly features: number;
  readonly price: Price | undefined;
}

/** Why a line is not stock. */
export interface Reject {
  readonly reason: string;
}

/** Highest price of a number, per charge, in minor units: keeps every total far inside the safe integers. */
export const priceMinorMax = 1_000_000_000_000;

/** Writing aids between digits that people and spreadsheets leave in. */
const separators = /[\s().\-/\u00a0]/g;

/** Finds the group of each number by its longest prefix, out of memory: a million look-ups take no query. */
export class NumberPlacer {
  readonly #groupByPrefix = new Map<string, Group>();
  readonly #groupByPublicId: ReadonlyMap<string, Group>;
  readonly #featuresByText = new Map<string, number>();
  #longestPrefix = 0;

  constructor(groups: readonly Group[], prefixes: readonly PrefixRow[]) {
    const groupById = new Map(groups.map((group) => [group.id, group]));
    this.#groupByPublicId = new Map(groups.map((group) => [group.publicId, group]));
    for (const { prefix, groupId } of prefixes) {
      const group = groupById.get(groupId);
      if (!group) continue;
      this.#groupByPrefix.set(prefix, group);
      this.#longestPrefix = Math.max(this.#longestPrefix, prefix.length);
    }
  }

  /** The group that the digits lead to. */
  groupOf(digits: string): Group | undefined {
    for (let length = Math.min(digits.length, this.#longestPrefix); length > 0; length--) {
      const group = this.#groupByPrefix.get(digits.slice(0, length));
      if (group) return group;
    }
    return undefined;
  }

  place(raw: RawLine): PlacedNumber | Reject {
    if (raw.defect !== undefined) return { reason: raw.defect };
    if (raw.number === '') return { reason: 'has no number' };
    const digits = parseE164Lenient(raw.number.replace(separators, ''));
    if (digits === undefined) return { reason: 'is not an E.164 number such as +12025550100' };
    const text = `+${digits}`;
    const parsed = parsePhoneNumberFromString(text);
    if (!parsed?.isValid()) return { reason: 'is not valid in the numbering plan' };
    if (parsed.number !== text) return { reason: `is not in E.164 form; did you mean ${parsed.number}?` };
    const group = this.#chooseGroup(text.slice(1), raw);
    if ('reason' in group) return group;
    const features = raw.features === '' ? group.features : this.#readFeatures(raw.features);
    if (typeof features !== 'number') return features;
    const price = hasPrice(raw) ? readPrice(raw) : undefined;
    if (price && 'reason' in price) return price;
    return { digits, group, features, price };
  }

  /** The group its digits lead to; or the named one, if the number could be of that one. */
  #chooseGroup(digits: string, raw: RawLine): Group | Reject {
    const found = this.groupOf(digits);
    let group = found;
    if (raw.group !== '') {
      group = this.#groupByPublicId.get(raw.group);
      if (!group) return { reason: `group ${raw.group} does not exist` };
      if (group !== found && !digits.startsWith(group.dialPrefix)) {
        return { reason: `does not begin with ${group.dialPrefix}, as the numbers of group ${raw.group} do` };
      }
    }
    if (!group) return { reason: 'begins with no prefix of the catalogue' };
    if (raw.type !== '' && raw.type.toLowerCase() !== group.type) {
      return { reason: `is ${group.type} by its group ${group.publicId}, not ${raw.type}` };
    }
    return group;
  }

  /** A file repeats few combinations of features, so each is read once. */
  #readFeatures(text: string): number | Reject {
    const known = this.#featuresByText.get(text);
    if (known !== undefined) return known;
    let mask = 0;
    for (const word of text.split('|')) {
      const name = word.trim().toLowerCase();
      const bit = Object.entries(featureBits).find(([candidate]) => candidate === name)?.[1];
      if (bit === undefined) {
        return {
          reason: `has the unknown feature "${name}"; known are ${Object.keys(featureBits).join('|')}`,
        };
      }
      mask |= bit;
    }
    this.#featuresByText.set(text, mask);
    return mask;
  }
}

function hasPrice({ currency, setup, recurring, cycle }: RawLine): boolean {
  return currency !== '' || setup !== '' || recurring !== '' || cycle !== '';
}

/** A price is whole or absent: only the set-up fee may be left out. */
function readPrice(raw: RawLine): Price | Reject {
  const currency = raw.currency.toUpperCase();
  if (!isCurrency(currency))
    return { reason: `has a price in "${raw.currency}", which is not an ISO 4217 currency` };
  const setupMinor = raw.setup === '' ? 0 : parseMajor(raw.setup, currency);
  const recurringMinor = parseMajor(raw.recurring, currency);
  for (const [name, amount] of Object.entries({ setup: setupMinor, recurring: recurringMinor })) {
    if (amount === undefined || amount < 0 || amount > priceMinorMax) {
      return { reason: `has a ${name} price that is not an amount of ${currency} such as 1.50` };
    }
  }
  if (raw.cycle !== '28d' && raw.cycle !== 'month') {
    return { reason: `has the cycle "${raw.cycle}"; it is 28d or month` };
  }
  return { currency, setupMinor: setupMinor ?? 0, recurringMinor: recurringMinor ?? 0, cycle: raw.cycle };
}
