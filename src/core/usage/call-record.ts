import { formatE164, parseE164Lenient } from '../../lib/e164.js';
import { addSeconds } from '../../lib/clock.js';

export type CallDirection = 'inbound' | 'outbound';

/** What the switch says of a call beside its numbers and times, as far as it does. */
export interface SwitchFacts {
  readonly sipCallId?: string;
  readonly bridgeId?: string;
  /** Part of the switch's dial plan. */
  readonly context?: string;
  /** How the leg was released, by the switch's word. */
  readonly hangupDisposition?: string;
  readonly campaignId?: string;
}

/** What is known of a call. Without an end it is in progress, and has no duration. */
export interface CallRecord {
  /** The operator's id of the call. */
  readonly callId: string;
  readonly direction: CallDirection;
  /** Null when the caller withheld the number. */
  readonly fromDigits: number | null;
  readonly toDigits: number;
  readonly startedAt: Date;
  readonly answeredAt: Date | null;
  readonly endedAt: Date | null;
  /** From the start to the end. */
  readonly durationSeconds: number | null;
  readonly billableSeconds: number | null;
  readonly hangupCause: string | null;
  readonly switchFacts: SwitchFacts;
}

/** A call as it was given, before anybody has looked at it: texts, or numbers where seconds are meant. */
export interface CallLine {
  readonly callId?: unknown;
  readonly direction?: unknown;
  readonly from?: unknown;
  readonly to?: unknown;
  readonly startedAt?: unknown;
  readonly answeredAt?: unknown;
  readonly endedAt?: unknown;
  readonly duration?: unknown;
  readonly billable?: unknown;
  readonly hangupCause?: unknown;
  readonly sipCallId?: unknown;
  readonly bridgeId?: unknown;
  readonly context?: unknown;
  readonly hangupDisposition?: unknown;
  readonly campaignId?: unknown;
  /** What is wrong with the line itself, when it could not be read. */
  readonly defect?: string;
}

/** How files and JSON name the fields of a call. */
const fieldByColumn = {
  call_id: 'callId',
  direction: 'direction',
  from: 'from',
  to: 'to',
  started_at: 'startedAt',
  answered_at: 'answeredAt',
  ended_at: 'endedAt',
  duration: 'duration',
  billable: 'billable',
  hangup_cause: 'hangupCause',
  sip_call_id: 'sipCallId',
  bridge_id: 'bridgeId',
  context: 'context',
  hangup_disposition: 'hangupDisposition',
  campaign_id: 'campaignId',
} as const satisfies Record<string, keyof CallLine>;
export type CallColumn = keyof typeof fieldByColumn;
export const callColumns = Object.keys(fieldByColumn) as CallColumn[];
export const requiredCallColumns = ['call_id', 'direction', 'to', 'started_at'] as const;

/** Reads an object with the names that files and JSON use; a name that is not known spoils the line. */
export function callLineOf(value: unknown): CallLine {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { defect: 'is not an object' };
  }
  const line: Record<string, unknown> = {};
  for (const [name, content] of Object.entries(value)) {
    const column = callColumns.find((candidate) => candidate === name);
    if (column === undefined) return { ...line, defect: `has the unknown field "${shown(name, 40)}"` };
    line[fieldByColumn[column]] = content;
  }
  return line;
}

export const callIdLengthMax = 128;
const hangupCauseLengthMax = 100;
const switchFactLengthMax = 128;
const switchFactColumns = [
  'sip_call_id',
  'bridge_id',
  'context',
  'hangup_disposition',
  'campaign_id',
] as const;
const callDaysMax = 31;
/** A call from before this is a slip of the pen, or a clock that was never set. */
const startedFrom = new Date('2000-01-01T00:00:00Z');
/** How far the clock of a switch may be ahead of ours. */
const clockSkewSeconds = 300;

class Refusal extends Error {}

function refuse(reason: string): never {
  throw new Refusal(reason);
}

/** Reads a line, or says why it is not a call that has happened by now. */
export function parseCall(line: CallLine, now: Date): CallRecord | { readonly reason: string } {
  try {
    return readCall(line, now);
  } catch (error) {
    if (error instanceof Refusal) return { reason: error.message };
    throw error;
  }
}

function readCall(line: CallLine, now: Date): CallRecord {
  if (line.defect !== undefined) refuse(line.defect);
  const callId = textOf('call_id', line.callId) ?? refuse('has no call_id');
  if (!/^[\x21-\x7e]+$/.test(callId) || callId.length > callIdLengthMax) {
    refuse(`has a call_id that is not 1 to ${callIdLengthMax} visible ASCII characters`);
  }
  const direction = (textOf('direction', line.direction) ?? '').toLowerCase();
  if (direction !== 'inbound' && direction !== 'outbound') refuse('has no direction: inbound or outbound');
  const fromDigits = readCaller(line.from);
  if (fromDigits === null && direction === 'outbound') refuse('is outbound and has no number in from');
  const toDigits = readLeg('to', textOf('to', line.to) ?? refuse('has no number in to'));
  const startedAt = readTime('started_at', line.startedAt, now) ?? refuse('has no started_at');
  if (startedAt < startedFrom) refuse('has a started_at before the year 2000');
  const answeredAt = readTime('answered_at', line.answeredAt, now);
  if (answeredAt && answeredAt < startedAt) refuse('was answered before it started');
  const endedAt = readTime('ended_at', line.endedAt, now);
  const call = { callId, direction, fromDigits, toDigits, startedAt, answeredAt, endedAt } as const;
  const switchFacts = readSwitchFacts(line);
  return { ...call, ...readEnd(line, startedAt, answeredAt, endedAt), switchFacts };
}

function readSwitchFacts(line: CallLine): SwitchFacts {
  const facts: Record<string, string> = {};
  for (const column of switchFactColumns) {
    const text = textOf(column, line[fieldByColumn[column]]);
    if (text === null) continue;
    if (!/^[\x20-\x7e]+$/.test(text) || text.length > switchFactLengthMax) {
      refuse(`has a ${column} that is not plain text of at most ${switchFactLengthMax} characters`);
    }
    facts[fieldByColumn[column]] = text;
  }
  return facts;
}

/** What a call has only once it has ended. Durations that are not given follow from the times. */
function readEnd(
  line: CallLine,
  startedAt: Date,
  answeredAt: Date | null,
  endedAt: Date | null,
): Pick<CallRecord, 'durationSeconds' | 'billableSeconds' | 'hangupCause'> {
  const duration = readSeconds('duration', line.duration);
  const billable = readSeconds('billable', line.billable);
  const hangupCause = textOf('hangup_cause', line.hangupCause);
  if (hangupCause !== null && !/^[\x20-\x7e]+$/.test(hangupCause)) {
    refuse('has a hangup_cause that is not plain text');
  }
  if (hangupCause !== null && hangupCause.length > hangupCauseLengthMax) {
    refuse(`has a hangup_cause of more than ${hangupCauseLengthMax} characters`);
  }
  if (!endedAt) {
    // Some switches send zeros for a call that goes on.
    if ((duration ?? 0) > 0 || (billable ?? 0) > 0 || hangupCause !== null) {
      refuse('has a duration or a hangup_cause, but no ended_at');
    }
    return { durationSeconds: null, billableSeconds: null, hangupCause: null };
  }
  if (endedAt < (answeredAt ?? startedAt)) refuse('ended before it started or was answered');
  const lasted = secondsBetween(startedAt, endedAt);
  if (lasted > callDaysMax * 86_400) refuse(`lasts longer than ${callDaysMax} days`);
  const durationSeconds = duration ?? lasted;
  if (durationSeconds > lasted + 1) refuse('has a duration beyond its end');
  const billableSeconds =
    billable ?? Math.min(answeredAt ? secondsBetween(answeredAt, endedAt) : 0, durationSeconds);
  if (billableSeconds > durationSeconds) refuse('has more billable seconds than its duration');
  if (billableSeconds > 0 && !answeredAt) refuse('has billable seconds, but no answered_at');
  return { durationSeconds, billableSeconds, hangupCause };
}

function secondsBetween(from: Date, until: Date): number {
  return Math.round((until.getTime() - from.getTime()) / 1000);
}

/** A text without blanks around it; null when nothing is said. */
function textOf(column: CallColumn, value: unknown): string | null {
  if (value === undefined || value === null) return null;
  if (typeof value !== 'string') refuse(`has a ${column} that is not text`);
  const text = value.trim();
  return text === '' ? null : text;
}

const withheld = new Set(['anonymous', 'restricted', 'private', 'unknown', 'unavailable', 'withheld']);

function readCaller(value: unknown): number | null {
  const text = textOf('from', value);
  return text === null || withheld.has(text.toLowerCase()) ? null : readLeg('from', text);
}

/** Short codes have six digits at most, and E.164 numbers more. */
const shortCodeEnd = 1_000_000;

/** E.164, or a short code such as 112. */
function readLeg(column: 'from' | 'to', text: string): number {
  if (/^[1-9]\d{1,5}$/.test(text)) return Number(text);
  return (
    parseE164Lenient(text) ??
    refuse(`has a number in ${column} that is neither E.164, such as +12025550100, nor a short code`)
  );
}

/** A leg as people write it; null for a caller who withheld the number. */
export function formatLeg(digits: number): string;
export function formatLeg(digits: number | null): string | null;
export function formatLeg(digits: number | null): string | null {
  if (digits === null) return null;
  return digits < shortCodeEnd ? String(digits) : formatE164(digits);
}

const isoTime = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/;

/** An instant to the millisecond. The offset is not optional: the clock of a switch is in nobody knows which zone. */
function readTime(column: CallColumn, value: unknown, now: Date): Date | null {
  const text = textOf(column, value);
  if (text === null) return null;
  const [, day = '', time = '', fraction = '', zone = ''] = isoTime.exec(text) ?? [];
  const at = new Date(`${day}T${time}${fraction.slice(0, 4)}${zone}`);
  // 30 February would roll over to March.
  const dayIsReal = new Date(`${day}T00:00:00Z`);
  if (
    Number.isNaN(at.getTime()) ||
    Number.isNaN(dayIsReal.getTime()) ||
    !dayIsReal.toISOString().startsWith(day)
  ) {
    refuse(`has a ${column} that is not a time with its offset, such as 2026-03-04T09:30:00Z`);
  }
  if (at > addSeconds(now, clockSkewSeconds)) refuse(`has a ${column} that has not come yet`);
  return at;
}

function readSeconds(column: 'duration' | 'billable', value: unknown): number | null {
  if (value === undefined || value === null || value === '') return null;
  const seconds = typeof value === 'string' && /^ *\d{1,7} *$/.test(value) ? Number(value) : value;
  if (
    typeof seconds !== 'number' ||
    !Number.isInteger(seconds) ||
    seconds < 0 ||
    seconds > callDaysMax * 86_400
  ) {
    refuse(`has a ${column} that is not a whole number of seconds`);
  }
  return seconds;
}

/** Text of strangers as it may be shown: no control characters, and no more of it than fits. */
export function shown(text: string, length: number): string {
  return text.slice(0, length).replace(/[^\x20-\x7e]/g, '?');
}
