import { decodeCursor, encodeCursor } from '../../../lib/cursor.js';
import type { Context } from '../../context.js';
import { rankOf } from './conditions.js';
import { allDigits, rangesAfter } from './digit-ranges.js';
import { cleanFilters, invalid, type CleanFilters, type NumberFilters } from './filters.js';
import type { Plan } from './plan.js';
import { planFor } from './plan-for.js';
import { asFound, type FoundNumber } from './found-number.js';
import { scopesOf } from './scope.js';
import { shelfOf, type ProbeBatch, type Scope } from './fragments.js';
import { numbersByDigits, numbersOnShelves, type NumberRow } from './store.js';
import type { ProbeStep, Section } from './probes.js';

export interface SearchInput {
  filters: NumberFilters;
  /** 1 to searchPageMax. */
  limit: number;
  cursor?: string | undefined;
}

export const searchPageMax = 100;
/** Statements that look through rows which may not fit, per page: then the page may be short, and a cursor goes on. */
const looksMax = 3;
/** Probes per statement, sections kept whole; first few because a page is usually full by then. */
const probesFirst = 64;
const probesGrowth = 16;

/** Where a page ended: the country's rank, then the way (0 shelves, 1 and 2 the steps by digits), section and key in it. */
interface Position {
  readonly rank: number;
  readonly way: number;
  readonly section: number;
  readonly key: number;
}

/** A page in the making. One number more than asked for tells whether there is another page. */
interface Page {
  readonly rows: (NumberRow & { readonly rank: number; readonly way: number })[];
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
    const rank = rankOf(scope.country);
    if (after && rank < after.rank) continue;
    await fillFrom(ctx, scope, page, after?.rank === rank ? after : undefined);
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
  const plan = await planFor(ctx, scope, after && (after.way === 0 ? 'shelves' : 'digits'));
  if (plan.kind === 'shelves') return fillFromShelves(ctx, scope, { page, plan, after });
  for (const [index, step] of plan.steps.entries()) {
    const way = index + 1;
    if (after && way < after.way) continue;
    await fillFromProbes(ctx, scope, {
      page,
      way,
      step,
      after: after?.way === way ? after : undefined,
    });
    if (isDone(page)) return;
  }
}

async function fillFromShelves(
  ctx: Context,
  scope: Scope,
  { page, plan, after }: { page: Page; plan: Plan & { kind: 'shelves' }; after: Position | undefined },
): Promise<void> {
  const rank = rankOf(scope.country);
  for (let from = after; ;) {
    const limit = page.wanted - page.rows.length;
    const met = await numbersOnShelves(ctx.sql, scope, { ...plan, after: from, limit });
    const stop = met.findIndex((row) => row.stops);
    const reached = stop === -1 ? met : met.slice(0, stop + 1);
    page.rows.push(...reached.filter((row) => row.fits).map((row) => ({ ...row, rank, way: 0 })));
    const last = reached.at(-1);
    if (stop === -1 || !last || page.rows.length >= page.wanted) return;
    from = positionOf({ ...last, rank, way: 0 });
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
  { page, way, step, after }: { page: Page; way: number; step: ProbeStep; after: Position | undefined },
): Promise<void> {
  const rank = rankOf(scope.country);
  let most = probesFirst;
  for (let next = 0; next < step.sections.length; most *= probesGrowth) {
    const batch: ProbeBatch = { index: step.index, sections: [] };
    for (let probes = 0; next < step.sections.length && probes < most; next++) {
      const section = step.sections[next] as Section;
      if (after && section.section < after.section) continue;
      const ranges =
        after?.section === section.section ? rangesAfter(section.ranges(), after.key) : section.ranges();
      if (ranges.length > 0) batch.sections.push({ ...section, ranges });
      probes += ranges.length;
    }
    if (batch.sections.length === 0) continue;
    const limit = page.wanted - page.rows.length;
    const rows = await numbersByDigits(ctx.sql, scope, { batch, limit });
    page.rows.push(...rows.map((row) => ({ ...row, rank, way })));
    if (page.rows.length >= page.wanted) return;
  }
}

function positionOf(row: (NumberRow & { rank: number; way: number }) | undefined): Position | undefined {
  return row && { rank: row.rank, way: row.way, section: row.section, key: row.key };
}

function writePosition({ rank, way, section, key }: Position, filters: CleanFilters): string {
  return encodeCursor([rank, way, section, key], filters);
}

function readPosition(cursor: string, filters: CleanFilters): Position {
  const decoded = decodeCursor(cursor, filters);
  if (decoded === 'mismatch') throw invalid('cursor', 'it belongs to a search with other filters');
  const [rank = -1, way = -1, section = -1, key = -1] = decoded ?? [];
  const position = { rank, way, section, key };
  if (!decoded || decoded.length !== 4 || !isPossible(position))
    throw invalid('cursor', 'not a cursor of this search');
  return position;
}

/** A cursor comes back from outside: what it says must be harmless in SQL. */
function isPossible({ rank, way, section, key }: Position): boolean {
  const sectionFits = way === 0 ? /^[-a-z]$/.test(shelfOf(section).type) : section < 1_000;
  return (
    rank >= 0 && [0, 1, 2].includes(way) && section >= 0 && sectionFits && key > 0 && key <= allDigits.hi
  );
}
