import {
  allDigits,
  allLengths,
  intersectRanges,
  mergeRanges,
  prefixRanges,
  subtractRanges,
  type Range,
} from './digit-ranges.js';
import type { CleanFilters } from './filters.js';
import { overlay, partsOf } from './pattern.js';

/** A country to search in, with the digits that all its numbers begin with. */
export interface CountryScope {
  readonly no: number;
  readonly callingCode: string;
  /** Whether the caller named this country or a place in it, so that digits may come without the country code. */
  readonly named: boolean;
  /** How long its numbers in stock are, where that is known already. */
  readonly lengths?: readonly number[];
}

/** Countries are searched in the order of their numbers: by calling code, then by country. */
export function rankOf({ callingCode, no }: CountryScope): number {
  return Number(callingCode) * 1_000 + no;
}

/** What a country's numbers have to look like. */
export interface DigitConditions {
  readonly callingCode: string;
  /** For each wish about digits its spellings, of which one has to fit. */
  readonly patterns: readonly (readonly string[])[];
  /** Where such numbers can be at all, excluded prefixes left out. */
  readonly ranges: readonly Range[];
  /** Whether the ranges say it all: every wish is a prefix. */
  readonly rangesSuffice: boolean;
}

/** Turns filters into patterns and ranges for one country; undefined when no number of it can fit. */
export function digitConditions(filters: CleanFilters, country: CountryScope): DigitConditions | undefined {
  const patterns = patternsFor(filters, country);
  if (patterns.some((spellings) => spellings.length === 0)) return undefined;
  const wanted = patterns.reduce<Range[]>(
    (ranges, spellings) => intersectRanges(ranges, mergeRanges(spellings.flatMap(rangesOfHead))),
    [allDigits],
  );
  const ranges = subtractRanges(wanted, prefixRanges(filters.exclude));
  if (ranges.length === 0) return undefined;
  const rangesSuffice = patterns.every((spellings) => spellings.every((pattern) => /^\d*\*$/.test(pattern)));
  return { callingCode: country.callingCode, patterns, ranges, rangesSuffice };
}

function patternsFor(filters: CleanFilters, { callingCode, named }: CountryScope): string[][] {
  const spell = (pattern: string): string[] => {
    const short = named && callingCode !== '' && !pattern.startsWith('*');
    const spellings = short ? [pattern, callingCode + pattern] : [pattern];
    return spellings.filter((spelling) => canBeginWith(callingCode, spelling));
  };
  const patterns: string[][] = [];
  if (filters.startsWith !== null) patterns.push(spell(`${filters.startsWith}*`));
  if (filters.contains !== null) patterns.push([`*${filters.contains}*`]);
  if (filters.endsWith !== null) patterns.push([`*${filters.endsWith}`]);
  if (filters.pattern !== null) patterns.push(spell(filters.pattern));
  return patterns;
}

function canBeginWith(callingCode: string, pattern: string): boolean {
  const { head, length } = partsOf(pattern);
  if (length !== undefined && length <= callingCode.length) return false;
  return overlay(callingCode, head) !== undefined;
}

function rangesOfHead(pattern: string): Range[] {
  const { head, length } = partsOf(pattern);
  const [digits = ''] = head.split('?', 1);
  return prefixRanges([digits], length === undefined ? allLengths : [length]);
}
