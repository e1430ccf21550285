import type { Context } from '../../../core/context.js';
import { getRentalByNumber } from '../../../core/rentals/index.js';
import type { RentalRow } from '../../../core/rentals/index.js';
import { eachCall, listCalls, numberHealth } from '../../../core/usage/index.js';
import type { CallRow, CallScope, CallSummary, NumberHealth } from '../../../core/usage/index.js';
import type { NumberedPage } from '../paging.js';
import type { CallPageWanted } from './read.js';

export interface CallPage extends NumberedPage {
  readonly calls: readonly CallRow[];
  readonly total: number;
  readonly summary: CallSummary;
}

type Granularity = 'daily' | 'hourly';

/** How the calls of a number went, and when that was asked. */
export interface Health {
  readonly rental: RentalRow;
  readonly granularity: Granularity;
  readonly health: NumberHealth;
  readonly at: Date;
}

/** A page of calls, newest first, with the figures of all that fit. */
export async function listCallPage({
  ctx,
  input: { page, perPage, ...scope },
}: {
  ctx: Context;
  input: CallPageWanted;
}): Promise<CallPage> {
  const range = { offset: (page - 1) * perPage, limit: perPage };
  return { ...(await listCalls({ ctx, input: { ...scope, page: range } })), page, perPage };
}

/** All calls that fit, each as `line` writes it while they are read: as rows they would fill the memory. */
export function exportCalls(line: (call: CallRow) => string) {
  return async ({ ctx, input }: { ctx: Context; input: CallScope }): Promise<string[]> => {
    const lines: string[] = [];
    for await (const calls of eachCall({ ctx, input })) lines.push(...calls.map(line));
    return lines;
  };
}

/** The health of a number that the account itself holds. Raises not_found (number). */
export async function getHealth({
  ctx,
  input: { numberId, granularity, days },
}: {
  ctx: Context;
  input: { readonly numberId: number; readonly granularity: Granularity; readonly days: number };
}): Promise<Health> {
  const rental = await getRentalByNumber({ ctx, input: { numberId } });
  const health = await numberHealth({ ctx, input: { numberId, granularity, days } });
  return { rental, granularity, health, at: ctx.clock.now() };
}
