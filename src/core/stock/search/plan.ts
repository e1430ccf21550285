import type { DigitConditions } from './conditions.js';
import { allLengths, type Range } from './digit-ranges.js';
import type { CleanFilters } from './filters.js';
import { fixedCount, partsOf } from './pattern.js';
import { forwardStep, waysTo, type ProbeStep, type Way } from './probes.js';

/**
 * How one country is searched. By shelves: the numbers of each type and set of features of a place in turn, looked
 * through in order. By digits: probes of the left and the right index. The choice follows from the filters and, for
 * places with little stock, from a bounded count; a cursor keeps to the way it began with.
 */
export type Plan =
  /** `looksThrough` when rows may be met that do not fit. */
  | { readonly kind: 'shelves'; readonly ranges: readonly Range[]; readonly looksThrough: boolean }
  | { readonly kind: 'digits'; readonly steps: readonly ProbeStep[] };

/** What a bounded look at the stock tells. */
export interface Survey {
  /** Numbers on the shelves that fit, counted up to smallStockMax + 1; Infinity where nobody asked. */
  readonly size: number;
  readonly lengths: readonly number[];
}

/** A place with less stock is looked through rather than probed. */
export const smallStockMax = 5_000;

/** Costs in microseconds, measured (docs/adr/0003-search-indexes.md): of a row in index order, and by its id. */
const probeCost = 2.5;
const rowInOrderCost = 0.2;
const rowByIdCost = 1.3;
/** The stock that costs are reckoned for: a choice must not change while somebody turns pages. */
const stockNominal = 5e6;
/** What type, features or place leave of it. */
const shelfStockNominal = 3e5;
/** Rows to be found cheaply: a page and a half, or ten pages where probing also gives the better order. */
const rowsWanted = { onShelves: 75, inCountry: 500 };
const probesMax = 4_096;
/** A run may stand at some eight places of a number. */
const placesOfRunLog10 = 0.9;

export function hasShelfFilter(filters: CleanFilters): boolean {
  return hasPlace(filters) || hasType(filters);
}

function hasType({ type, featureMask }: CleanFilters): boolean {
  return type !== null || featureMask !== 0;
}

export function hasPlace({ groupId, cityId, regionId }: CleanFilters): boolean {
  return groupId !== null || cityId !== null || regionId !== null;
}

/** What the plan has to know: how much stock there is, or how long its numbers are, or nothing. */
export function surveyFor(filters: CleanFilters, conditions: DigitConditions): 'size' | 'lengths' | 'none' {
  if (conditions.rangesSuffice) return 'none';
  if (hasShelfFilter(filters)) return 'size';
  return bestWay(filters, conditions)?.asksLengths ? 'lengths' : 'none';
}

/** `began` is the kind of plan that an earlier page of the same search followed. */
export function planSearch(
  filters: CleanFilters,
  conditions: DigitConditions,
  survey?: Survey,
  began?: Plan['kind'],
): Plan {
  const { ranges, rangesSuffice } = conditions;
  const way = bestWay(filters, conditions);
  const small = survey !== undefined && survey.size <= smallStockMax;
  if (rangesSuffice && !hasShelfFilter(filters)) return { kind: 'digits', steps: [forwardStep(ranges)] };
  if (rangesSuffice || way === undefined || began === 'shelves' || (began === undefined && small)) {
    return { kind: 'shelves', ranges, looksThrough: !rangesSuffice || !isOneShelfPlace(filters) };
  }
  return { kind: 'digits', steps: way.steps(survey?.lengths ?? allLengths) };
}

/** Whether shelves tell all that is asked. A second place, or a type within a group, is checked row by row. */
export function isOneShelfPlace(filters: CleanFilters): boolean {
  const places = [filters.groupId, filters.cityId, filters.regionId].filter((id) => id !== null);
  return places.length <= 1 && (filters.groupId === null || !hasType(filters));
}

/** The cheapest way by digits; undefined when looking through the ranges in order is cheaper than any. */
function bestWay(filters: CleanFilters, conditions: DigitConditions): Way | undefined {
  const stock = hasShelfFilter(filters) ? shelfStockNominal : stockNominal;
  const wanted = hasShelfFilter(filters) ? rowsWanted.onShelves : rowsWanted.inCountry;
  const fitting = 10 ** -selectivityLog10(conditions);
  const looked = Math.min(stock * 10 ** -rangesFixed(conditions), wanted / fitting);
  const cost = ({ probes, shares }: Way): number => {
    const rowCost = rowInOrderCost * shares.forward + rowByIdCost * shares.reversed;
    const pages = wanted / (stock * fitting);
    return probeCost * probes + rowCost * stockNominal * Math.min(1, pages);
  };
  return waysTo(conditions)
    .filter((way) => way.probes <= probesMax && cost(way) < rowInOrderCost * looked)
    .sort((a, b) => cost(a) - cost(b))[0];
}

/** How many powers of ten the conditions leave of a country's numbers, roughly. */
function selectivityLog10({ patterns, callingCode }: DigitConditions): number {
  return patterns.reduce((total, spellings) => {
    const each = spellings.map((pattern) => {
      const { middles } = partsOf(pattern);
      const own = pattern.startsWith(callingCode) ? callingCode.length : 0;
      return Math.max(0, fixedCount(pattern) - own - placesOfRunLog10 * middles.length);
    });
    return total + Math.min(...each);
  }, 0);
}

/** Leading digits that the ranges fix beyond the country code. */
function rangesFixed({ patterns, callingCode }: DigitConditions): number {
  const perWish = patterns.map((spellings) =>
    Math.min(
      ...spellings.map((pattern) => {
        const [digits = ''] = pattern.split(/[?*]/, 1);
        return Math.max(0, digits.length - callingCode.length);
      }),
    ),
  );
  return Math.max(0, ...perWish);
}
