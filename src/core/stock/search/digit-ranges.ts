/**
 * Digits as ranges of integers. Numbers that begin with the same digits are neighbours as integers, once for each
 * length a number may have; so a prefix is a handful of ranges, and leaving prefixes out is arithmetic.
 */

/** An inclusive range of integers; a list of them is sorted and without overlaps. */
export interface Range {
  readonly lo: number;
  readonly hi: number;
}

/** How long an E.164 number is, country code and all (lib/e164.ts). */
export const digitsMin = 7;
export const digitsMax = 15;

export const allLengths: readonly number[] = Array.from(
  { length: digitsMax - digitsMin + 1 },
  (_, index) => digitsMin + index,
);

/** Every number there can be. */
export const allDigits: Range = { lo: 10 ** (digitsMin - 1), hi: 10 ** digitsMax - 1 };

/** The numbers of any of these lengths that fit any of these templates with their first digits. */
export function prefixRanges(prefixes: readonly string[], lengths: readonly number[] = allLengths): Range[] {
  return mergeRanges(prefixes.flatMap((prefix) => lengths.flatMap((length) => headRanges(prefix, length))));
}

/**
 * The ranges of a template's digits (`?` for any digit) followed by as many as make up the length: one range for each
 * way to fill in the `?`, in ascending order.
 */
export function templateRanges(template: string, length: number): Range[] {
  if (template.length > length) return [];
  let leads = [0];
  for (const char of template) {
    leads =
      char === '?'
        ? leads.flatMap((lead) => tenDigits.map((digit) => lead * 10 + digit))
        : leads.map((lead) => lead * 10 + Number(char));
  }
  const free = 10 ** (length - template.length);
  return leads.map((lead) => ({ lo: lead * free, hi: (lead + 1) * free - 1 }));
}
const tenDigits = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];

/** The numbers of one length that fit a template with their first digits. */
export function headRanges(template: string, length: number): Range[] {
  const shortest = 10 ** (length - 1);
  return templateRanges(template, length).flatMap(({ lo, hi }) =>
    hi < shortest ? [] : [{ lo: Math.max(lo, shortest), hi }],
  );
}

/** The digits backwards (reversed_digits, migration 0002) of the numbers that end with a template's reverse. */
export function tailRanges(reversedTemplate: string): Range[] {
  return templateRanges(reversedTemplate, digitsMax);
}

/** Sorts, and joins what overlaps or touches. */
export function mergeRanges(ranges: readonly Range[]): Range[] {
  const merged: Range[] = [];
  for (const range of [...ranges].sort((a, b) => a.lo - b.lo)) {
    const last = merged.at(-1);
    if (last && range.lo <= last.hi + 1)
      merged[merged.length - 1] = { lo: last.lo, hi: Math.max(last.hi, range.hi) };
    else merged.push(range);
  }
  return merged;
}

/** What two sorted lists have in common. */
export function intersectRanges(left: readonly Range[], right: readonly Range[]): Range[] {
  const common: Range[] = [];
  for (let l = 0, r = 0; l < left.length && r < right.length;) {
    const a = left[l] as Range;
    const b = right[r] as Range;
    const lo = Math.max(a.lo, b.lo);
    const hi = Math.min(a.hi, b.hi);
    if (lo <= hi) common.push({ lo, hi });
    if (a.hi < b.hi) l++;
    else r++;
  }
  return common;
}

/** What is in the first list and not in the second. */
export function subtractRanges(from: readonly Range[], removed: readonly Range[]): Range[] {
  const gaps: Range[] = [];
  let next = 0;
  for (const range of removed) {
    if (next < range.lo) gaps.push({ lo: next, hi: range.lo - 1 });
    next = range.hi + 1;
  }
  gaps.push({ lo: next, hi: Number.MAX_SAFE_INTEGER });
  return intersectRanges(from, gaps);
}

/** What is left of the list above a key: where the next page begins. */
export function rangesAfter(ranges: readonly Range[], key: number): Range[] {
  return ranges.flatMap(({ lo, hi }) => (hi <= key ? [] : [{ lo: Math.max(lo, key + 1), hi }]));
}
