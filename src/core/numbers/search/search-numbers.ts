import { decodeCursor, encodeCursor } from '../../../lib/cursor.js';
import type { Context } from '../../context.js';
import { countryOfNo, featuresOf, typeOfLetter, type Feature, type NumberType } from '../number-row.js';
import { allDigits } from './digit-ranges.js';
import { cleanFilters, invalid, type CleanFilters, type NumberFilters } from './filters.js';
import { surveyFor, planSearch, type Plan } from './plan.js';
import { scopesOf } from './scope.js';
import {
  numbersByDigits,
  numbersOnShelves,
  shelfOf,
  surveyStock,
  type NumberRow,
  type Scope,
} from './store.js';
import type { ProbeStep } from './probes.js';

export interface SearchInput {
  filters: NumberFilters;
  /** 1 to searchPageMax. */
  limit: number;
  cursor?: string | undefined;
}

export interface FoundNumber {
  /** The row's id: the digits, plus 10^15 in the test environment. */
  id: number;
  groupId: number;
  country: string;
  regionId: number | null;
  cityId: number | null;
  type: NumberType;
  features: Feature[];
  hasOwnPrice: boolean;
}

export const searchPageMax = 100;
/** Statements that look through rows which may not fit, per page: then the page may be short, and a cursor goes on. */
const looksMax = 8;
/** Probes per statement, first few because a page is usually full by then. */
const probesFirst = 64;
const probesGrowth = 16;

/** Where a page ended: the country, then the way (0 shelves, 1 and 2 the steps by digits), section and key in it. */
interface Position {
  readonly countryNo: number;
  readonly way: number;
  readonly section: number;
  readonly key: number;
}

/** A page in the making. One number more than asked for tells whether there is another page. */
interface Page {
  readonly rows: (NumberRow & { readonly way: number })[];
  readonly wanted: number;
  looksLeft: number;
  /** How far the search has come where it ran out of looks. */
  stoppedAt: Position | undefined;
}

/**
 * Numbers in stock that fit all filters, in an order that stays the same while others buy and return numbers: a number
 * that stays in stock is neither skipped nor repeated. A page may be short; only a null cursor says that it was the last.
 */
export async function searchNumbers({
  ctx,
  input,
}: {
  ctx: Context;
  input: SearchInput;
}): Promise<{ numbers: FoundNumber[]; nextCursor: string | null }> {
  const filters = cleanFilters(input.filters);
  if (!Number.isInteger(input.limit) || input.limit < 1 || input.limit > searchPageMax) {
    throw invalid('limit', `1 to ${searchPageMax}`);
  }
  const after = input.cursor === undefined ? undefined : readPosition(input.cursor, filters);
  const page: Page = { rows: [], wanted: input.limit + 1, looksLeft: looksMax, stoppedAt: undefined };
  for (const scope of await scopesOf(ctx, filters)) {
    if (after && scope.country.no < after.countryNo) continue;
    await fillFrom(ctx, scope, page, after?.countryNo === scope.country.no ? after : undefined);
    if (isDone(page)) break;
  }
  const shown = page.rows.slice(0, input.limit);
  const last = page.rows.length > input.limit ? positionOf(shown.at(-1)) : page.stoppedAt;
  return { numbers: shown.map(asFound), nextCursor: last ? writePosition(last, filters) : null };
}

function isDone(page: Page): boolean {
  return page.rows.length >= page.wanted || page.stoppedAt !== undefined;
}

async function fillFrom(ctx: Context, scope: Scope, page: Page, after: Position | undefined): Promise<void> {
  const { filters, conditions } = scope;
  const asked = surveyFor(filters, conditions);
  const survey = asked === 'none' ? undefined : await surveyStock(ctx.sql, scope, asked === 'size');
  const began = after && (after.way === 0 ? 'shelves' : 'digits');
  const plan = planSearch(filters, conditions, survey, began);
  if (plan.kind === 'shelves') return fillFromShelves(ctx, scope, { page, plan, after });
  for (const [index, step] of plan.steps.entries()) {
    const way = index + 1;
    if (after && way < after.way) continue;
    await fillFromProbes(ctx, scope, {
      page,
      way,
      step: stepAfter(step, after?.way === way ? after : undefined),
    });
    if (isDone(page)) return;
  }
}

async function fillFromShelves(
  ctx: Context,
  scope: Scope,
  { page, plan, after }: { page: Page; plan: Plan & { kind: 'shelves' }; after: Position | undefined },
): Promise<void> {
  for (let from = after; ;) {
    const limit = page.wanted - page.rows.length;
    const met = await numbersOnShelves(ctx.sql, scope, { ...plan, after: from, limit });
    const stop = met.findIndex((row) => row.stops);
    const reached = stop === -1 ? met : met.slice(0, stop + 1);
    page.rows.push(...reached.filter((row) => row.fits).map((row) => ({ ...row, way: 0 })));
    const last = reached.at(-1);
    if (stop === -1 || !last || page.rows.length >= page.wanted) return;
    from = positionOf({ ...last, way: 0 });
    page.looksLeft--;
    if (page.looksLeft <= 0) {
      page.stoppedAt = from;
      return;
    }
  }
}

async function fillFromProbes(
  ctx: Context,
  scope: Scope,
  { page, way, step }: { page: Page; way: number; step: ProbeStep },
): Promise<void> {
  for (let from = 0, count = probesFirst; from < step.probes.length; from += count, count *= probesGrowth) {
    const probes = step.probes.slice(from, from + count);
    const limit = page.wanted - page.rows.length;
    const rows = await numbersByDigits(ctx.sql, scope, { step: { ...step, probes }, limit });
    page.rows.push(...rows.map((row) => ({ ...row, way })));
    if (page.rows.length >= page.wanted) return;
  }
}

/** What is left of a step behind a position: later sections, and later keys of its own. */
function stepAfter(step: ProbeStep, after: Position | undefined): ProbeStep {
  if (!after) return step;
  const probes = step.probes.flatMap((probe) => {
    if (probe.section !== after.section) return probe.section > after.section ? [probe] : [];
    return probe.hi <= after.key ? [] : [{ ...probe, lo: Math.max(probe.lo, after.key + 1) }];
  });
  return { ...step, probes };
}

function positionOf(row: (NumberRow & { way: number }) | undefined): Position | undefined {
  return row && { countryNo: row.countryNo, way: row.way, section: row.section, key: row.key };
}

function writePosition({ countryNo, way, section, key }: Position, filters: CleanFilters): string {
  return encodeCursor([countryNo, way, section, key], filters);
}

function readPosition(cursor: string, filters: CleanFilters): Position {
  const decoded = decodeCursor(cursor, filters);
  if (decoded === 'mismatch') throw invalid('cursor', 'it belongs to a search with other filters');
  const [countryNo = -1, way = -1, section = -1, key = -1] = decoded ?? [];
  const position = { countryNo, way, section, key };
  if (!decoded || decoded.length !== 4 || !isPossible(position))
    throw invalid('cursor', 'not a cursor of this search');
  return position;
}

/** A cursor comes back from outside: what it says must be harmless in SQL. */
function isPossible({ countryNo, way, section, key }: Position): boolean {
  const sectionFits = way === 0 ? /^[-a-z]$/.test(shelfOf(section).type) : section < 1_000;
  return (
    countryNo >= 0 &&
    countryNo < 676 &&
    [0, 1, 2].includes(way) &&
    section >= 0 &&
    sectionFits &&
    key > 0 &&
    key <= allDigits.hi
  );
}

function asFound(row: NumberRow): FoundNumber {
  return {
    id: row.id,
    groupId: row.groupId,
    country: countryOfNo(row.countryNo),
    regionId: row.regionId,
    cityId: row.cityId,
    type: typeOfLetter(row.type),
    features: featuresOf(row.features),
    hasOwnPrice: row.hasOwnPrice,
  };
}
