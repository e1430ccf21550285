import type { RootContext } from '../../../core/context.js';
import { asOneWrite } from '../../../core/idempotency/index.js';
import { getRental } from '../../../core/rentals/index.js';
import { listCallsAfter, numberHealth, recordCalls, summarizeCalls } from '../../../core/usage/index.js';
import type {
  CallPosition,
  CallRow,
  CallScope,
  CallSummary,
  NumberHealth,
} from '../../../core/usage/index.js';

/** Takes in calls; a repeat with the same key gives the same outcomes. Raises forbidden. */
export async function recordLines({
  ctx,
  input,
}: {
  ctx: RootContext;
  input: Parameters<typeof recordCalls>[0]['input'];
}) {
  return asOneWrite(ctx, (inner) => recordCalls({ ctx: inner, input }));
}

export interface CallsWanted extends CallScope {
  readonly after: CallPosition | undefined;
  readonly limit: number;
  readonly withSummary: boolean;
}

/** Rows for a page of calls, and the figures of all of them where they are wanted. */
export async function listWithSummary({
  ctx,
  input: { after, limit, withSummary, ...scope },
}: {
  ctx: RootContext;
  input: CallsWanted;
}): Promise<{ readonly rows: readonly CallRow[]; readonly summary: CallSummary | undefined }> {
  const rows = await listCallsAfter({ ctx, input: { ...scope, after, limit } });
  return { rows, summary: withSummary ? await summarizeCalls({ ctx, input: scope }) : undefined };
}

export interface HealthWanted {
  readonly rentalId: number;
  readonly granularity: 'daily' | 'hourly';
  readonly days: number;
}

export interface RentalHealth extends NumberHealth, HealthWanted {
  readonly numberId: number;
}

/** How the calls of a rented number went. Raises not_found (rental). */
export async function rentalHealth({
  ctx,
  input,
}: {
  ctx: RootContext;
  input: HealthWanted;
}): Promise<RentalHealth> {
  const { numberId } = await getRental({ ctx, input });
  return { ...input, numberId, ...(await numberHealth({ ctx, input: { ...input, numberId } })) };
}
