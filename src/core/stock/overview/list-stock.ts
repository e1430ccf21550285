import { decodeCursor, encodeCursor } from '../../../lib/cursor.js';
import { requireOperator } from '../../authority/index.js';
import type { Context } from '../../context.js';
import { invalid, offsetOf, rangesAfter, searchNumbers, searchPageMax } from '../search/index.js';
import type { Scope } from '../search/index.js';
import { checkStockFilters, scopeOfStock } from './stock-filters.js';
import type { StockFilters } from './stock-filters.js';
import { asStockNumber } from './stock-number.js';
import type { StockNumber } from './stock-number.js';
import { findStockRows } from './store.js';
import { isByHolder, walkStock } from './walk-store.js';
import type { WalkedEntry } from './walk-store.js';

export interface ListStockInput {
  readonly filters: StockFilters;
  /** 1 to searchPageMax. */
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/**
 * Numbers of an environment in whatever state, in ascending order; those of one holder in order of rentals or holds. A
 * page may be short; only a null cursor says that it was the last. Raises forbidden, invalid_input.
 */
export async function listStock({
  ctx,
  input,
}: {
  ctx: Context;
  input: ListStockInput;
}): Promise<{ numbers: StockNumber[]; nextCursor: string | null }> {
  requireOperator(ctx);
  const { filters, limit, cursor } = input;
  if (!Number.isInteger(limit) || limit < 1 || limit > searchPageMax) {
    throw invalid('limit', `1 to ${searchPageMax}`);
  }
  if (isForSale(filters)) return listForSale(ctx, input);
  const print = ['stock', { ...filters, holder: filters.holder?.id }];
  const after = cursor === undefined ? 0 : readKey(cursor, print);
  const scope = await scopeOfStock(ctx, filters);
  if (!scope) return { numbers: [], nextCursor: null };
  const met = await walkPage(ctx, scope, filters, { after, limit });
  const shown = met.slice(0, limit);
  const fitting = shown.filter(({ fits }) => fits);
  const numbers = await loadStock(
    ctx,
    fitting.map(({ id }) => id),
  );
  const last = shown.at(-1);
  const isMore = met.length > limit || last?.stops === true;
  return { numbers, nextCursor: isMore && last ? encodeCursor([last.key], print) : null };
}

/**
 * Entries of an index that are looked at for one page: first as many as fill it when all fit, and more only where few
 * do. Past the last of them the page is short.
 */
const looksBeside = [20, 1_000, 9_000];

/** One entry that fits more than the page has or, where looking ended before that, what fitted and where it ended. */
async function walkPage(
  ctx: Context,
  scope: Scope,
  filters: StockFilters,
  page: { readonly after: number; readonly limit: number },
): Promise<WalkedEntry[]> {
  const wanted = page.limit + 1;
  const met: WalkedEntry[] = [];
  let { after } = page;
  for (const [step, beside] of looksBeside.entries()) {
    const digits = isByHolder(filters) ? 0 : Math.max(after - offsetOf(scope), 0);
    const ranges = rangesAfter(scope.conditions.ranges, digits);
    const looks = beside + (step === 0 ? wanted : 0);
    const seen = await walkStock(ctx.sql, scope, filters, {
      ranges,
      after,
      limit: wanted - met.length,
      looks,
    });
    const last = seen.at(-1);
    const isLastStep = step === looksBeside.length - 1;
    const goesOn = last?.stops === true && met.length + seen.length < wanted && !isLastStep;
    met.push(...(goesOn ? seen.filter(({ fits }) => fits) : seen));
    if (!goesOn) break;
    after = last.key;
  }
  return met;
}

/** What tenants search as well has indexes for every kind of wish about digits. */
function isForSale({ state, ownPriceIn }: StockFilters): boolean {
  return state === 'in_stock' && ownPriceIn === undefined;
}

async function listForSale(ctx: Context, { filters, limit, cursor }: ListStockInput) {
  checkStockFilters(filters);
  const found = await searchNumbers({ ctx, input: { filters, limit, cursor } });
  const numbers = await loadStock(
    ctx,
    found.numbers.map(({ id }) => id),
  );
  return { numbers, nextCursor: found.nextCursor };
}

/** Numbers in the order of their ids in the list. */
async function loadStock(ctx: Context, ids: readonly number[]): Promise<StockNumber[]> {
  const rows = await findStockRows(ctx.sql, ids);
  const byId = new Map(rows.map((row) => [row.id, row]));
  const at = ctx.clock.now();
  return ids.flatMap((id) => {
    const row = byId.get(id);
    return row ? [asStockNumber(row, at)] : [];
  });
}

function readKey(cursor: string, print: unknown): number {
  const decoded = decodeCursor(cursor, print);
  if (decoded === 'mismatch') throw invalid('cursor', 'it belongs to a list with other filters');
  const [key] = decoded ?? [];
  if (!decoded || key === undefined || decoded.length !== 1 || key < 0) {
    throw invalid('cursor', 'not a cursor of this list');
  }
  return key;
}
