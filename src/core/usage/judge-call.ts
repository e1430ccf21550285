import type { CallRecord } from './call-record.js';

export type Judgement =
  | { readonly outcome: 'repeated' }
  /** `call` is what is known from now on. */
  | { readonly outcome: 'updated'; readonly call: CallRecord }
  | { readonly outcome: 'refused'; readonly reason: string };

/** Feeds tell a call to the millisecond and files to the second: less than this apart is the same. */
const sameWithinMs = 1000;

/**
 * What a further record of a call means. While a call is in progress, a later record may answer or end it; once it has
 * ended nothing changes any more. Records come in any order: that a call has begun does not contradict its end.
 */
export function judgeCall(known: CallRecord, told: CallRecord): Judgement {
  const differing = differsInOrigin(known, told) ?? (known.endedAt ? differsInEnd(known, told) : undefined);
  if (differing !== undefined) {
    return { outcome: 'refused', reason: `contradicts what is known of the call: ${differing} differs` };
  }
  if (known.endedAt) return { outcome: 'repeated' };
  if (told.endedAt) return { outcome: 'updated', call: completed(known, told) };
  if (known.answeredAt || !told.answeredAt) return { outcome: 'repeated' };
  return { outcome: 'updated', call: { ...known, answeredAt: later(told.answeredAt, known.startedAt) } };
}

/** The end as reported, with the start as stored; in order even where the two differ in precision. */
function completed(known: CallRecord, told: CallRecord): CallRecord {
  const answer = told.answeredAt ?? known.answeredAt;
  const answeredAt = answer && later(answer, known.startedAt);
  const endedAt = told.endedAt && later(told.endedAt, answeredAt ?? known.startedAt);
  const switchFacts = { ...known.switchFacts, ...told.switchFacts };
  return { ...told, startedAt: known.startedAt, answeredAt, endedAt, switchFacts };
}

function later(a: Date, b: Date): Date {
  return a > b ? a : b;
}

function differsInOrigin(known: CallRecord, told: CallRecord): string | undefined {
  if (known.direction !== told.direction) return 'direction';
  if (known.fromDigits !== told.fromDigits) return 'from';
  if (known.toDigits !== told.toDigits) return 'to';
  if (differ(known.startedAt, told.startedAt)) return 'started_at';
  if (known.answeredAt && told.answeredAt && differ(known.answeredAt, told.answeredAt)) return 'answered_at';
  return undefined;
}

function differsInEnd(known: CallRecord, told: CallRecord): string | undefined {
  if (told.answeredAt && !known.answeredAt) return 'answered_at';
  if (!told.endedAt) return undefined;
  if (known.answeredAt && !told.answeredAt) return 'answered_at';
  if (known.endedAt && differ(known.endedAt, told.endedAt)) return 'ended_at';
  if (Math.abs((known.durationSeconds ?? 0) - (told.durationSeconds ?? 0)) > 1) return 'duration';
  if (Math.abs((known.billableSeconds ?? 0) - (told.billableSeconds ?? 0)) > 1) return 'billable';
  if (told.hangupCause !== null && told.hangupCause !== known.hangupCause) return 'hangup_cause';
  return undefined;
}

function differ(a: Date, b: Date): boolean {
  return Math.abs(a.getTime() - b.getTime()) >= sameWithinMs;
}
