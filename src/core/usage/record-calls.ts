import { inTransaction } from '../../database/transaction.js';
import type { Transaction } from '../../database/connection.js';
import { requireOperator } from '../authority/index.js';
import { recordChange } from '../audit/index.js';
import type { Context, Environment } from '../context.js';
import { domainError } from '../errors.js';
import { batchLines } from '../line-file/index.js';
import { numberIdOf } from '../number-id.js';
import { callIdLengthMax, parseCall, shown } from './call-record.js';
import type { CallLine, CallRecord } from './call-record.js';
import { judgeCall } from './judge-call.js';
import * as store from './store.js';
import type { StoredCall } from './store.js';

/** Calls in one request at most; a batch of a file is one. */
export const recordedCallsMax = batchLines;

/** What became of one line; `callId` is null where the line has none that could be read. */
export type CallOutcome =
  | { readonly callId: string | null; readonly outcome: 'recorded' | 'repeated' | 'updated' }
  | { readonly callId: string | null; readonly outcome: 'refused'; readonly reason: string };

/**
 * Takes in calls by call id, with an outcome per line in their order: `recorded`, `repeated`, `updated` when a call in
 * progress has an answer or an end, `refused` when it contradicts what is known or concerns no number in stock. Raises
 * forbidden; invalid_input (calls) for more than recordedCallsMax.
 */
export async function recordCalls({
  ctx,
  input,
}: {
  ctx: Context;
  input: {
    readonly environment: Environment;
    readonly calls: readonly CallLine[];
    /** Name of the file, for the audit row. */
    readonly origin?: string | undefined;
  };
}): Promise<CallOutcome[]> {
  requireOperator(ctx);
  if (input.calls.length > recordedCallsMax) {
    throw domainError('invalid_input', { field: 'calls', reason: `are ${recordedCallsMax} at most` });
  }
  const now = ctx.clock.now();
  const parsed = input.calls.map((line) => parseCall(line, now));
  return inTransaction(ctx.sql, async (tx) => {
    const outcomes = await takeIn(tx, input.environment, parsed, now);
    const counts = { recorded: 0, repeated: 0, updated: 0, refused: 0 };
    for (const { outcome } of outcomes) counts[outcome] += 1;
    if (counts.recorded + counts.updated > 0) {
      await recordChange(
        { ...ctx, sql: tx },
        {
          environment: input.environment,
          accountId: null,
          action: 'calls.record',
          subjectKind: 'calls',
          subjectId: 0,
          numberId: null,
          details: { origin: input.origin ?? null, ...counts },
        },
      );
    }
    return outcomes.map((outcome, index) => ({ callId: namedBy(input.calls[index]), ...outcome }));
  });
}

function namedBy(line: CallLine | undefined): string | null {
  return typeof line?.callId === 'string' ? shown(line.callId.trim(), callIdLengthMax) : null;
}

type Unnamed<T> = T extends unknown ? Omit<T, 'callId'> : never;
type Parsed = CallRecord | { readonly reason: string };

async function takeIn(
  tx: Transaction,
  environment: Environment,
  parsed: readonly Parsed[],
  now: Date,
): Promise<Unnamed<CallOutcome>[]> {
  const calls = parsed.filter((line) => 'callId' in line);
  const legIds = new Set(calls.flatMap((call) => legIdsOf(call, environment)));
  const ours = await store.keepNumbers(tx, [...legIds]);
  const concernsUs = (call: CallRecord): boolean => legIdsOf(call, environment).some((id) => ours.has(id));

  const firstById = new Map<string, CallRecord>();
  for (const call of calls) {
    if (concernsUs(call) && !firstById.has(call.callId)) firstById.set(call.callId, call);
  }
  const added = await store.insertCalls(tx, environment, [...firstById.values()], now);
  await store.insertParties(
    tx,
    [...added].flatMap(([callId, id]) => legsOf(id, firstById.get(callId), environment, ours)),
  );
  const before = [...firstById.keys()].filter((callId) => !added.has(callId));
  const known = new Map((await store.lockCalls(tx, environment, before)).map((call) => [call.callId, call]));
  const updated = new Map<number, StoredCall>();
  const outcomes = parsed.map((line): Unnamed<CallOutcome> => {
    if ('reason' in line) return { outcome: 'refused', reason: line.reason };
    if (!concernsUs(line)) return { outcome: 'refused', reason: 'concerns no number of this exchange' };
    const stored = known.get(line.callId);
    if (!stored) {
      known.set(line.callId, { ...line, id: added.get(line.callId) ?? 0 });
      return { outcome: 'recorded' };
    }
    const judged = judgeCall(stored, line);
    if (judged.outcome !== 'updated') return judged;
    const call = { ...judged.call, id: stored.id };
    known.set(line.callId, call);
    updated.set(call.id, call);
    return { outcome: 'updated' };
  });
  await store.updateCalls(tx, [...updated.values()], now);
  return outcomes;
}

function legIdsOf({ fromDigits, toDigits }: CallRecord, environment: Environment): number[] {
  const digits = fromDigits === null || fromDigits === toDigits ? [toDigits] : [fromDigits, toDigits];
  return digits.map((each) => numberIdOf(each, environment));
}

/** Between two numbers of ours a call is outbound for the one and inbound for the other. */
function legsOf(
  callRowId: number,
  call: CallRecord | undefined,
  environment: Environment,
  ours: ReadonlySet<number>,
): store.Leg[] {
  if (!call) return [];
  const numberIds = legIdsOf(call, environment).filter((id) => ours.has(id));
  if (numberIds.length < 2) {
    return numberIds.map((numberId) => ({ callRowId, numberId, direction: call.direction }));
  }
  return numberIds.map((numberId, index) => ({
    callRowId,
    numberId,
    direction: index === 0 ? 'outbound' : 'inbound',
  }));
}
