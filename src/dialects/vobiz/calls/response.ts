import { e164Of } from '../../../core/number-id.js';
import { formatLeg } from '../../../core/usage/index.js';
import type { CallRow, CallSummary, NumberHealth } from '../../../core/usage/index.js';

export function renderCall(call: CallRow) {
  return {
    uuid: call.callId,
    account_id: call.account,
    call_direction: call.direction,
    caller_id_number: formatLeg(call.fromDigits) ?? 'anonymous',
    destination_number: formatLeg(call.toDigits),
    start_time: call.startedAt.toISOString(),
    answer_time: call.answeredAt?.toISOString() ?? null,
    end_time: call.endedAt?.toISOString() ?? null,
    duration: call.durationSeconds ?? 0,
    billsec: call.billableSeconds ?? 0,
    hangup_cause: call.hangupCause,
  };
}

export function renderSummary(summary: CallSummary) {
  return {
    total_calls: summary.calls,
    answered_calls: summary.answered,
    total_duration: summary.durationSeconds,
    total_billsec: summary.billableSeconds,
    last_call_at: summary.lastCallAt?.toISOString() ?? null,
  };
}

type ShownCall = ReturnType<typeof renderCall>;
const columns = [
  'uuid',
  'account_id',
  'call_direction',
  'caller_id_number',
  'destination_number',
  'start_time',
  'answer_time',
  'end_time',
  'duration',
  'billsec',
  'hangup_cause',
] as const satisfies readonly (keyof ShownCall)[];

export const csvHeader = `${columns.join(',')}\r\n`;

/** A line of CSV (RFC 4180), every value quoted: what a switch calls a call may have commas in it. */
export function csvLine(call: CallRow): string {
  const shown = renderCall(call);
  return `${columns.map((column) => `"${String(shown[column] ?? '').replaceAll('"', '""')}"`).join(',')}\r\n`;
}

export function renderHealth(
  numberId: number,
  status: string,
  granularity: 'daily' | 'hourly',
  { summary, snapshots }: NumberHealth,
) {
  const e164 = e164Of(numberId);
  return {
    e164,
    status,
    usage_status: 'unrated',
    is_spam: false,
    granularity,
    summary: {
      period_days: summary.periodDays,
      total_calls: summary.totalCalls,
      answered_calls: summary.answeredCalls,
      answer_rate: summary.answerRate,
      total_minutes: summary.totalMinutes,
      avg_duration: summary.avgDurationSeconds,
    },
    snapshots: snapshots.map((snapshot) => ({
      id: `${e164}-${snapshot.startsAt.toISOString()}`,
      ts: snapshot.startsAt.toISOString(),
      total_calls: snapshot.totalCalls,
      answered_calls: snapshot.answeredCalls,
      failed_calls: snapshot.failedCalls,
      answer_rate: snapshot.answerRate,
      total_duration: snapshot.totalDurationSeconds,
      avg_duration: snapshot.avgDurationSeconds,
      total_minutes: snapshot.totalMinutes,
    })),
  };
}
