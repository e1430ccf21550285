import { e164Of } from '../../../core/number-id.js';
import { formatLeg } from '../../../core/usage/index.js';
import type { CallRow, CallSummary, HealthSnapshot } from '../../../core/usage/index.js';
import { accountAsked } from '../../../http/route.js';
import { WireReply } from '../../../http/wire.js';
import type { Asked } from '../../../http/wire.js';
import { spellSnapshotId } from '../ids.js';
import { statusOf } from '../numbers/status.js';
import { shownFilters } from './read.js';
import type { CallPage, Health } from './verbs.js';

/** Members of the vendor's record that Numex has nothing for, in the types that its SDKs name (contract 11.3). */
const nothingKnown = {
  caller_id_name: '',
  carrier_ip: null,
  codec: null,
  cost: 0,
  currency: '',
  customer_endpoint: null,
  failure_code: null,
  failure_reason: null,
  hangup_cause_code: null,
  hangup_source: null,
  jitter: null,
  mos: null,
  network_addr: null,
  origination_region: '',
  packet_loss: null,
  progress_time: null,
  region: '',
  sip_user_agent: null,
  streaming_cost: 0,
  terminated_to: null,
  total_cost: 0,
  trunk_id: null,
};

function renderCall(call: CallRow) {
  const { switchFacts: facts, startedAt, answeredAt, endedAt } = call;
  const rangUntil = answeredAt ?? endedAt;
  return {
    ...nothingKnown,
    id: call.id,
    uuid: call.callId,
    account_id: call.account,
    call_direction: call.direction,
    caller_id_number: formatLeg(call.fromDigits) ?? 'anonymous',
    destination_number: formatLeg(call.toDigits),
    start_time: startedAt.toISOString(),
    answer_time: answeredAt?.toISOString() ?? null,
    end_time: endedAt?.toISOString() ?? null,
    duration: call.durationSeconds ?? 0,
    billsec: call.billableSeconds ?? 0,
    ring_time: rangUntil === null ? 0 : Math.round((rangUntil.getTime() - startedAt.getTime()) / 1000),
    hangup_cause: call.hangupCause,
    hangup_cause_name: call.hangupCause,
    hangup_disposition: facts.hangupDisposition ?? null,
    sip_call_id: facts.sipCallId ?? '',
    bridge_uuid: facts.bridgeId ?? null,
    campaign_id: facts.campaignId ?? null,
    context: facts.context ?? '',
    created_at: call.recordedAt.toISOString(),
    updated_at: call.updatedAt.toISOString(),
  };
}

/** Figures in the words of the SDKs (contract 11.3), and those of before beside them. */
function renderSummary(summary: CallSummary) {
  const { calls, answered, durationSeconds, billableSeconds } = summary;
  return {
    totalCalls: calls,
    answeredCalls: answered,
    answerRate: calls === 0 ? 0 : Math.round((answered / calls) * 10_000) / 100,
    avgCallDuration: (calls === 0 ? 0 : durationSeconds / calls).toFixed(2),
    total_duration_seconds: durationSeconds,
    total_billable_seconds: billableSeconds,
    total_cost: 0,
    total_calls: calls,
    answered_calls: answered,
    total_duration: durationSeconds,
    total_billsec: billableSeconds,
    last_call_at: summary.lastCallAt?.toISOString() ?? null,
  };
}

export function renderCalls({ calls, total, summary, page, perPage }: CallPage, asked: Asked) {
  const pages = Math.ceil(total / perPage);
  return {
    success: true,
    account_id: accountAsked(asked).publicId,
    count: calls.length,
    data: calls.map(renderCall),
    pagination: { page, per_page: perPage, total, pages, has_next: page < pages, has_prev: page > 1 },
    summary: renderSummary(summary),
  };
}

/** A page of what a search has found, with the filters as they were given. */
export function renderFound(found: CallPage, asked: Asked) {
  return { ...renderCalls(found, asked), filters: shownFilters(asked.query) };
}

export function renderOneCall(call: CallRow, asked: Asked) {
  return { success: true, account_id: accountAsked(asked).publicId, data: renderCall(call) };
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

const csvHeader = `${columns.join(',')}\r\n`;

/** A line of CSV (RFC 4180), every value quoted: what a switch calls a call may have commas in it. */
export function csvLine(call: CallRow): string {
  const shown = renderCall(call);
  return `${columns.map((column) => `"${String(shown[column] ?? '').replaceAll('"', '""')}"`).join(',')}\r\n`;
}

export function renderExport(lines: readonly string[]): WireReply {
  const headers = {
    'content-type': 'text/csv; charset=utf-8',
    'content-disposition': 'attachment; filename="cdr.csv"',
  };
  return new WireReply(csvHeader + lines.join(''), { headers });
}

export function renderHealth({ rental, granularity, health: { summary, snapshots }, at }: Health) {
  const { numberId } = rental;
  const e164 = e164Of(numberId);
  return {
    e164,
    status: statusOf(rental),
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
    // Without a call the vendor shows one snapshot of zeros.
    snapshots: (snapshots.length === 0 ? [emptySnapshot(at)] : snapshots).map((snapshot) => ({
      id: spellSnapshotId(numberId, snapshot.startsAt),
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

function emptySnapshot(at: Date): HealthSnapshot {
  const none = { totalCalls: 0, answeredCalls: 0, failedCalls: 0, totalDurationSeconds: 0 };
  return { ...none, startsAt: at, answerRate: 0, totalMinutes: 0, avgDurationSeconds: 0 };
}
