import { requireOperator } from '../../authority/index.js';
import type { Context } from '../../context.js';
import { invalid } from '../search/index.js';
import { stockStates } from './state.js';
import type { StockState } from './state.js';
import { countByState, countedRentalsMax, countInactiveRentals } from './store.js';
import type { CountFilters, CountKey } from './store.js';

export const countKeys = ['country', 'type', 'region', 'group'] as const satisfies readonly CountKey[];

/** Rows of counts on a page at most. */
export const countPageMax = 300;

/** How many numbers are in each state; `key` orders the rows. */
export interface StockCount {
  readonly key: number;
  /** Country, type, code of the region or id of the group; null for numbers without a region, and for all together. */
  readonly name: string | null;
  readonly total: number;
  readonly states: Readonly<Record<StockState, number>>;
}

export interface CountStockInput {
  readonly by?: CountKey | undefined;
  readonly filters: CountFilters;
  readonly afterKey?: number | undefined;
  /** 1 to countPageMax. */
  readonly limit: number;
}

const stateOfLetter: Readonly<Record<string, StockState>> = {
  s: 'in_stock',
  h: 'held',
  r: 'rented',
  q: 'quarantined',
  w: 'withdrawn',
};

/**
 * How many numbers there are by state, from kept totals, as due work has left them; `isExact` is false when more rentals
 * wait or are being released than are counted one by one: those are then among the rented. Raises forbidden, invalid_input.
 */
export async function countStock({
  ctx,
  input,
}: {
  ctx: Context;
  input: CountStockInput;
}): Promise<{ counts: StockCount[]; isExact: boolean }> {
  requireOperator(ctx);
  const { by, filters, afterKey, limit } = input;
  if (!Number.isInteger(limit) || limit < 1 || limit > countPageMax + 1) {
    throw invalid('limit', `1 to ${countPageMax}`);
  }
  const [rows, inactive] = await Promise.all([
    countByState(ctx.sql, by, filters, { afterKey, limit }),
    countInactiveRentals(ctx.sql, by, filters),
  ]);
  const counts = new Map<number, { name: string | null; states: Record<StockState, number> }>();
  for (const { key, name, state, numbers } of rows) {
    const count = counts.get(key) ?? { name, states: noNumbers() };
    const word = stateOfLetter[state];
    if (word) count.states[word] += numbers;
    counts.set(key, count);
  }
  for (const { key, state, numbers } of inactive) {
    const states = counts.get(key)?.states;
    if (!states || state === 'active' || state === 'ended') continue;
    const moved = Math.min(numbers, states.rented);
    states[state] += moved;
    states.rented -= moved;
  }
  return {
    counts: [...counts].map(([key, { name, states }]) => ({ key, name, states, total: sum(states) })),
    isExact: (inactive[0]?.looked ?? 0) < countedRentalsMax,
  };
}

function noNumbers(): Record<StockState, number> {
  return Object.fromEntries(stockStates.map((state) => [state, 0])) as Record<StockState, number>;
}

function sum(states: Readonly<Record<StockState, number>>): number {
  return Object.values(states).reduce((total, numbers) => total + numbers, 0);
}
