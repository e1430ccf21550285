import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { digitConditions } from '../../src/core/stock/search/conditions.js';
import {
  allLengths,
  intersectRanges,
  mergeRanges,
  prefixRanges,
  subtractRanges,
  type Range,
} from '../../src/core/stock/search/digit-ranges.js';
import { cleanFilters, type NumberFilters } from '../../src/core/stock/search/filters.js';
import { waysTo } from '../../src/core/stock/search/probes.js';

const inside = (ranges: readonly Range[], value: number): boolean =>
  ranges.some(({ lo, hi }) => value >= lo && value <= hi);

const backwards = (digits: string): number => Number(digits.split('').reverse().join('').padEnd(15, '0'));

/** A national number and a wish about its digits that often fits it. */
const cases = fc
  .record({
    callingCode: fc.constantFrom('1', '49', '372'),
    national: fc.stringMatching(/^[1-9][0-9]{6,10}$/),
    kind: fc.constantFrom('contains', 'endsWith', 'startsWith', 'pattern'),
    from: fc.nat(9),
    length: fc.integer({ min: 2, max: 8 }),
    wildcards: fc.array(fc.constantFrom('?', '*', '', '', ''), { minLength: 15, maxLength: 15 }),
    short: fc.boolean(),
    exclude: fc.subarray(['1', '4', '491', '15', '37'], { maxLength: 2 }),
  })
  .map(({ callingCode, national, kind, from, length, wildcards, short, exclude }) => {
    const digits = callingCode + national;
    const tried = short ? national : digits;
    const filters: NumberFilters = { environment: 'live', country: 'DE', exclude };
    if (kind === 'contains') filters.contains = digits.slice(from, from + length) || '77';
    if (kind === 'endsWith') filters.endsWith = digits.slice(-length);
    if (kind === 'startsWith') filters.startsWith = tried.slice(0, length);
    if (kind === 'pattern') {
      filters.pattern = tried
        .split('')
        .map((digit, index) => wildcards[index] || digit)
        .join('')
        .replace(/\*+/g, '*');
    }
    return { callingCode, digits, filters };
  });

describe('ways to numbers by their digits', () => {
  it('lead to each number that fits once, and only once', () => {
    let led = 0;
    fc.assert(
      fc.property(cases, fc.stringMatching(/^[0-9]{6,10}$/), ({ callingCode, digits, filters }, other) => {
        const conditions = digitConditions(cleanFilters(filters), { no: 0, callingCode, named: true });
        for (const candidate of [digits, callingCode + other, digits + other.slice(0, 1)]) {
          if (candidate.length > 15) continue;
          const fits =
            conditions !== undefined &&
            inside(conditions.ranges, Number(candidate)) &&
            conditions.patterns.every((spellings) =>
              spellings.some((pattern) =>
                new RegExp(`^${pattern.replaceAll('?', '.').replaceAll('*', '.*')}$`).test(candidate),
              ),
            );
          if (!fits) continue;
          for (const way of waysTo(conditions)) {
            if (way.probes > 20_000) continue;
            const finds = way.steps([candidate.length]).flatMap(({ index, sections }) =>
              sections.filter((section) => {
                const key = index === 'forward' ? Number(candidate) : backwards(candidate);
                return (
                  inside(section.ranges(), key) &&
                  (section.seen === '' || !new RegExp(section.seen).test(candidate))
                );
              }),
            );
            expect(finds).toHaveLength(1);
            led++;
          }
        }
      }),
      { numRuns: 300 },
    );
    expect(led).toBeGreaterThan(100);
  });

  it('go through their sections in ascending order, and through each in ascending order of keys', () => {
    fc.assert(
      fc.property(cases, ({ callingCode, filters }) => {
        const conditions = digitConditions(cleanFilters(filters), { no: 0, callingCode, named: true });
        for (const way of conditions ? waysTo(conditions) : []) {
          if (way.probes > 20_000) continue;
          for (const { sections } of way.steps([10, 11])) {
            const order = sections.map(({ section }) => section);
            expect(order).toEqual([...new Set(order)].sort((a, b) => a - b));
            for (const section of sections) {
              const bounds = section.ranges().flatMap(({ lo, hi }) => [lo, hi]);
              expect(bounds).toEqual(bounds.slice().sort((a, b) => a - b));
            }
          }
        }
      }),
      { numRuns: 200 },
    );
  });

  it('probe a run of four digits no more than a few thousand times', () => {
    const filters = cleanFilters({ environment: 'live', country: 'US', contains: '4821' });
    const conditions = digitConditions(filters, { no: 0, callingCode: '1', named: true });
    const [way] = conditions ? waysTo(conditions) : [];
    const probes =
      way?.steps([11]).flatMap(({ sections }) => sections.flatMap((section) => section.ranges())) ?? [];
    expect(probes.length).toBeGreaterThan(100);
    expect(probes.length).toBeLessThan(2_500);
  });
});

describe('ranges', () => {
  const prefix = fc.stringMatching(/^[1-9][0-9]{0,5}$/);

  it('of prefixes hold the numbers that begin with them, and no others', () => {
    fc.assert(
      fc.property(
        fc.array(prefix, { maxLength: 4 }),
        fc.stringMatching(/^[1-9][0-9]{6,14}$/),
        (prefixes, digits) => {
          const expected = prefixes.some((one) => digits.startsWith(one));
          expect(inside(prefixRanges(prefixes, allLengths), Number(digits))).toBe(expected);
        },
      ),
    );
  });

  it('add, subtract and intersect like sets', () => {
    const range = fc.tuple(fc.nat(60), fc.nat(10)).map(([lo, length]) => ({ lo, hi: lo + length }));
    const list = fc.array(range, { maxLength: 6 }).map(mergeRanges);
    fc.assert(
      fc.property(list, list, fc.nat(75), (left, right, value) => {
        expect(inside(intersectRanges(left, right), value)).toBe(inside(left, value) && inside(right, value));
        expect(inside(subtractRanges(left, right), value)).toBe(inside(left, value) && !inside(right, value));
        expect(inside(mergeRanges([...left, ...right]), value)).toBe(
          inside(left, value) || inside(right, value),
        );
      }),
    );
  });
});
