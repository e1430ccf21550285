import { requireOperator } from '../../authority/index.js';
import { listAudit } from '../../audit/index.js';
import type { Context } from '../../context.js';
import { invalid } from '../search/index.js';
import { listCallsOf, listHoldsOf, listMovesOf, listRentalsOf } from './history-store.js';
import type { HistoryPosition, HistoryRow } from './history-store.js';
import { getStockNumber } from './get-stock-number.js';
import type { StockNumber } from './stock-number.js';

export const historyParts = ['rentals', 'holds', 'moves', 'calls', 'audit'] as const;
export type HistoryPart = (typeof historyParts)[number];

/** Rows of one part on a page at most. */
export const historyPageMax = 100;

export interface NumberHistory {
  readonly number: StockNumber;
  /** Newest first, at most as many of each part as were asked for. */
  readonly parts: Readonly<Partial<Record<HistoryPart, readonly HistoryRow[]>>>;
}

/**
 * What has happened to a number, newest first: a page of one part or, without a part, the first page of each.
 *
 * Raises forbidden, invalid_input (limit), not_found (number).
 */
export async function numberHistory({
  ctx,
  input,
}: {
  ctx: Context;
  input: {
    readonly numberId: number;
    readonly part?: HistoryPart | undefined;
    readonly after?: HistoryPosition | undefined;
    readonly limit: number;
  };
}): Promise<NumberHistory> {
  requireOperator(ctx);
  const { part, after, limit } = input;
  if (!Number.isInteger(limit) || limit < 1 || limit > historyPageMax + 1) {
    throw invalid('limit', `1 to ${historyPageMax}`);
  }
  const number = await getStockNumber({ ctx, input });
  const wanted = part === undefined ? historyParts : [part];
  const pages = await Promise.all(
    wanted.map(async (each) => [each, await readPart(ctx, input.numberId, each, { after, limit })] as const),
  );
  return { number, parts: Object.fromEntries(pages) };
}

async function readPart(
  ctx: Context,
  numberId: number,
  part: HistoryPart,
  page: { readonly after: HistoryPosition | undefined; readonly limit: number },
): Promise<readonly HistoryRow[]> {
  switch (part) {
    case 'rentals':
      return listRentalsOf(ctx.sql, numberId, page);
    case 'holds':
      return listHoldsOf(ctx.sql, numberId, page);
    case 'moves':
      return listMovesOf(ctx.sql, numberId, page);
    case 'calls':
      return listCallsOf(ctx.sql, numberId, page);
    case 'audit':
      return auditOf(ctx, numberId, page);
  }
}

async function auditOf(
  ctx: Context,
  numberId: number,
  { after, limit }: { readonly after: HistoryPosition | undefined; readonly limit: number },
): Promise<HistoryRow[]> {
  const entries = await listAudit({ ctx, input: { numberId, beforeId: after?.id, limit } });
  return entries.map(({ id, at, account, actor, action, requestId, details }) => ({
    id,
    at,
    account,
    state: null,
    until: null,
    facts: { actor, action, request_id: requestId, details },
  }));
}
