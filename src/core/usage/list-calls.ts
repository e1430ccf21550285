import { assert } from '../../lib/assert.js';
import { totalWith } from '../../lib/total.js';
import { actingAccount } from '../authority/index.js';
import type { Context } from '../context.js';
import { domainError } from '../errors.js';
import { findCall, findCalls, findSubAccountIds, sumCalls } from './listing-store.js';
import type { CallFilters, CallPosition, CallRow } from './listing-store.js';

/** Calls on one page at most. */
export const callPageMax = 200;
/** Calls in one export at most: the newest ones. */
export const callExportMax = 100_000;
const exportPageSize = 1000;
/** Figures are of so many calls at most; with filters other than times and the number, of those among more of them. */
export const callsCountedMax = 10_000;
export const callsLookedAtMax = 20_000;

/** Whose calls: the acting account's, and perhaps its sub-accounts' too. */
export interface CallScope {
  readonly filters: CallFilters;
  readonly withSubAccounts?: boolean | undefined;
}

/** Figures of the calls that pass the filters, not of one page. A call in progress has no duration yet. */
export interface CallSummary {
  readonly calls: number;
  readonly answered: number;
  readonly durationSeconds: number;
  readonly billableSeconds: number;
  /** Start of the latest one; now, while one goes on; null without calls. */
  readonly lastCallAt: Date | null;
  /** False where there were more calls than are counted: the figures are then of a part of them, of the latest in one account. */
  readonly isExact: boolean;
}

async function accountIdsOf(ctx: Context, withSubAccounts: boolean | undefined): Promise<number[]> {
  const { id } = actingAccount(ctx);
  return withSubAccounts ? [id, ...(await findSubAccountIds(ctx.sql, id))] : [id];
}

/**
 * A page of the account's calls by offset, newest first, with the number and the figures of those that pass the filters.
 * An account has the calls of its numbers that began while it held them.
 * Raises forbidden, account_blocked.
 */
export async function listCalls({
  ctx,
  input,
}: {
  ctx: Context;
  input: CallScope & { readonly page: { readonly offset: number; readonly limit: number } };
}): Promise<{ calls: CallRow[]; total: number; summary: CallSummary }> {
  const { offset, limit } = input.page;
  assert(offset >= 0 && limit >= 0 && limit <= callPageMax, 'a surface keeps to the page size');
  const accountIds = await accountIdsOf(ctx, input.withSubAccounts);
  const [calls, summary] = await Promise.all([
    findCalls(ctx.sql, accountIds, input.filters, input.page),
    figuresOf(ctx, accountIds, input.filters),
  ]);
  const counted = { total: summary.calls, isExact: summary.isExact };
  return { calls, total: totalWith(counted, input.page, calls.length), summary };
}

/** The same list behind a call, without figures: for cursors. Raises forbidden, account_blocked. */
export async function listCallsAfter({
  ctx,
  input,
}: {
  ctx: Context;
  input: CallScope & { readonly after?: CallPosition | undefined; readonly limit: number };
}): Promise<CallRow[]> {
  const accountIds = await accountIdsOf(ctx, input.withSubAccounts);
  return findCalls(ctx.sql, accountIds, input.filters, { after: input.after, offset: 0, limit: input.limit });
}

/** The figures of the calls that pass the filters. Raises forbidden, account_blocked. */
export async function summarizeCalls({
  ctx,
  input,
}: {
  ctx: Context;
  input: CallScope;
}): Promise<CallSummary> {
  const accountIds = await accountIdsOf(ctx, input.withSubAccounts);
  return figuresOf(ctx, accountIds, input.filters);
}

async function figuresOf(
  { sql, clock }: Context,
  accountIds: readonly number[],
  filters: CallFilters,
): Promise<CallSummary> {
  // The index keeps to these three: whatever is looked at fits them.
  const others = { ...filters, startedFrom: undefined, startedUntil: undefined, numberId: undefined };
  const isFiltered = Object.values(others).some((value) => value !== undefined);
  const sums = await sumCalls(sql, accountIds, filters, isFiltered ? callsLookedAtMax : callsCountedMax);
  const { latestStart: counted, inProgress, ...figures } = sums;
  // Of several accounts, the latest call may be one that was not counted; with filters, finding it could take all of them.
  const isPart = !sums.isExact && !isFiltered && accountIds.length > 1;
  const newest = isPart ? await findCalls(sql, accountIds, filters, { offset: 0, limit: 1 }) : [];
  const latest = newest[0]?.startedAt ?? counted;
  const now = clock.now();
  const goesOn = inProgress || (latest !== null && latest > now);
  return { ...figures, lastCallAt: goesOn ? now : latest };
}

/** All calls that pass the filters, newest first, a batch at a time: for exports. At most callExportMax of them. */
export async function* eachCall({
  ctx,
  input,
}: {
  ctx: Context;
  input: CallScope;
}): AsyncGenerator<CallRow[]> {
  let after: CallPosition | undefined;
  for (let given = 0; given < callExportMax; given += exportPageSize) {
    const rows = await listCallsAfter({ ctx, input: { ...input, after, limit: exportPageSize } });
    if (rows.length > 0) yield rows;
    if (rows.length < exportPageSize) return;
    after = rows.at(-1);
  }
}

/** A call of the account's by the operator's id of it. Raises not_found (call), also for other accounts' calls. */
export async function getCall({
  ctx,
  input,
}: {
  ctx: Context;
  input: { readonly callId: string; readonly withSubAccounts?: boolean | undefined };
}): Promise<CallRow> {
  const row = await findCall(ctx.sql, await accountIdsOf(ctx, input.withSubAccounts), input.callId);
  if (!row) throw domainError('not_found', { kind: 'call', id: input.callId });
  return row;
}
