import { Type } from 'typebox';
import { e164Of } from '../../../core/number-id.js';
import { callsCountedMax, formatLeg } from '../../../core/usage/index.js';
import type { CallRow, CallSummary } from '../../../core/usage/index.js';
import { spellNumberId } from '../ids.js';
import { named, oneOf, Timestamp } from '../schemas.js';

export const tag = 'Calls';
export const directions = ['inbound', 'outbound'] as const;
const TimestampOrNull = Type.Union([Timestamp, Type.Null()]);

export const CallShape = named(
  'Call',
  Type.Object({
    id: Type.String({ description: 'The operator’s id of the call' }),
    direction: oneOf(directions, 'As seen from `number`'),
    from: Type.Union([Type.String(), Type.Null()], { description: 'Null: the caller withheld the number' }),
    to: Type.String(),
    number: Type.String({ description: 'The account’s own number of the two' }),
    number_id: Type.String(),
    account_id: Type.String(),
    started_at: Timestamp,
    answered_at: TimestampOrNull,
    ended_at: Type.Union([Timestamp, Type.Null()], { description: 'Null while the call is in progress' }),
    duration_seconds: Type.Union([Type.Integer(), Type.Null()]),
    billable_seconds: Type.Union([Type.Integer(), Type.Null()]),
    hangup_cause: Type.Union([Type.String(), Type.Null()]),
    sip_call_id: Type.Union([Type.String(), Type.Null()]),
    context: Type.Union([Type.String(), Type.Null()]),
  }),
);

export const SummaryShape = named(
  'CallSummary',
  Type.Object({
    calls: Type.Integer(),
    answered: Type.Integer(),
    duration_seconds: Type.Integer(),
    billable_seconds: Type.Integer(),
    last_call_at: TimestampOrNull,
    is_exact: Type.Boolean({
      description: `False where there are more than ${callsCountedMax} calls: the figures are of a part of them`,
    }),
  }),
);

export function renderCall(row: CallRow) {
  return {
    id: row.callId,
    direction: row.direction,
    from: formatLeg(row.fromDigits),
    to: formatLeg(row.toDigits),
    number: e164Of(row.numberId),
    number_id: spellNumberId(row.numberId),
    account_id: row.account,
    started_at: row.startedAt.toISOString(),
    answered_at: row.answeredAt?.toISOString() ?? null,
    ended_at: row.endedAt?.toISOString() ?? null,
    duration_seconds: row.durationSeconds,
    billable_seconds: row.billableSeconds,
    hangup_cause: row.hangupCause,
    sip_call_id: row.switchFacts.sipCallId ?? null,
    context: row.switchFacts.context ?? null,
  };
}

export function renderSummary(summary: CallSummary) {
  return {
    calls: summary.calls,
    answered: summary.answered,
    duration_seconds: summary.durationSeconds,
    billable_seconds: summary.billableSeconds,
    last_call_at: summary.lastCallAt?.toISOString() ?? null,
    is_exact: summary.isExact,
  };
}
