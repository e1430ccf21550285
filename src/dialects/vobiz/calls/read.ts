import { callIdLengthMax, healthDaysMax } from '../../../core/usage/index.js';
import type { CallFilters, CallScope, SwitchFacts } from '../../../core/usage/index.js';
import { domainError } from '../../../core/errors.js';
import { invalid } from '../../../http/body.js';
import { readAll } from '../../../http/faults.js';
import { accountAsked } from '../../../http/route.js';
import type { Asked, Query } from '../../../http/wire.js';
import { textFault } from '../../../lib/text.js';
import { numberNamed } from '../numbers/read.js';
import { pageOf, sizeOf } from '../paging.js';
import type { NumberedPage, SizeRule } from '../paging.js';
import { bareDigits, given, printableOf, stretchOf, textOf } from '../parse.js';
import type { Stretch } from '../parse.js';

const callsPerPage: SizeRule = { name: 'per_page', usual: 20, max: 100, above: 'usual' };
const recentSize: SizeRule = { name: 'limit', usual: 20, max: 100, above: 'largest' };
const usualHealthDays = 30;

export interface CallPageWanted extends NumberedPage, CallScope {}

/** A page of calls (contract 11.3). Raises missing_input, invalid_input. */
export function callPageOf(asked: Asked): CallPageWanted {
  return { ...pageOf(asked.query, callsPerPage), ...callScopeOf(asked) };
}

/** The recent calls are asked for by `limit`, by older clients in pages. Raises missing_input, invalid_input. */
export function recentCallsOf(asked: Asked): CallPageWanted {
  const { query } = asked;
  if (textOf(query, 'limit') === undefined) return callPageOf(asked);
  return { page: 1, perPage: sizeOf(query, recentSize), ...callScopeOf(asked) };
}

/** A master account sees its sub-accounts' calls, as it sees their numbers. Raises missing_input, invalid_input. */
export function callScopeOf(asked: Asked): CallScope {
  return { filters: filtersOf(asked.query), withSubAccounts: isMaster(asked) };
}

/** A call by the operator's id of it. Raises not_found for what cannot be one. */
export function callNamed(asked: Asked) {
  const callId = asked.params['call'] ?? '';
  if (textFault(callId, callIdLengthMax) !== undefined) {
    throw domainError('not_found', { kind: 'call', id: callId });
  }
  return { callId, withSubAccounts: isMaster(asked) };
}

function isMaster(asked: Asked): boolean {
  return accountAsked(asked).parentId === null;
}

function filtersOf(query: Query): CallFilters {
  const { dates, facts, text, ...filters } = readAll({
    fromEnd: () => legOf(query, 'from_number'),
    toEnd: () => legOf(query, 'to_number'),
    dates: () => datesOf(query),
    direction: () => directionOf(query),
    minDurationSeconds: () => secondsOf(query, 'min_duration'),
    hangupCause: () => printableOf(query, 'hangup_cause'),
    facts: () => factsOf(query),
    text: () => printableOf(query, 'search'),
  });
  return {
    ...filters,
    startedFrom: dates.start?.from,
    startedUntil: dates.end?.until,
    switchFacts: facts,
    text: text?.replace(/^\+/, ''),
  };
}

/** Both or neither (contract 11.3): half a stretch of time is more likely a slip than a wish. */
function datesOf(query: Query) {
  return readAll({
    start: () => dateBeside(query, 'start_date', 'end_date'),
    end: () => dateBeside(query, 'end_date', 'start_date'),
  });
}

function dateBeside(query: Query, name: string, other: string): Stretch | undefined {
  const stretch = stretchOf(query, name);
  if (stretch || textOf(query, other) === undefined) return stretch;
  throw invalid(name, `must be given together with ${other}`);
}

function directionOf(query: Query): CallFilters['direction'] {
  const direction = textOf(query, 'call_direction')?.toLowerCase();
  if (direction === undefined || direction === 'inbound' || direction === 'outbound') return direction;
  throw invalid('call_direction', 'must be inbound or outbound');
}

function factsOf(query: Query): SwitchFacts | undefined {
  const facts: SwitchFacts = given(
    readAll({
      sipCallId: () => printableOf(query, 'sip_call_id'),
      bridgeId: () => printableOf(query, 'bridge_uuid'),
      context: () => printableOf(query, 'context'),
      hangupDisposition: () => printableOf(query, 'hangup_disposition'),
      campaignId: () => printableOf(query, 'campaign_id'),
    }),
  );
  return Object.keys(facts).length === 0 ? undefined : facts;
}

/** The filters that a search answers with what it found, as they were given. */
export function shownFilters(query: Query) {
  return {
    call_direction: textOf(query, 'call_direction') ?? '',
    from_number: textOf(query, 'from_number') ?? '',
    hangup_cause: textOf(query, 'hangup_cause') ?? '',
    to_number: textOf(query, 'to_number') ?? '',
  };
}

/** A number and the days that its health is asked for (contract 8.5). Raises invalid_input. */
export function healthWanted(asked: Asked) {
  const { query } = asked;
  const { named, ...wanted } = readAll({
    named: () => numberNamed(asked),
    granularity: () => granularityOf(query),
    days: () => daysOf(query),
  });
  return { ...named, ...wanted };
}

function granularityOf(query: Query): 'daily' | 'hourly' {
  const granularity = textOf(query, 'granularity') ?? 'daily';
  if (granularity === 'daily' || granularity === 'hourly') return granularity;
  throw invalid('granularity', 'must be daily or hourly');
}

function daysOf(query: Query): number {
  const text = textOf(query, 'days');
  if (text === undefined) return usualHealthDays;
  const days = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (days >= 1 && days <= healthDaysMax) return days;
  throw invalid('days', `must be a whole number from 1 to ${healthDaysMax}`);
}

/** The last digits of a number: with its country code, or without and perhaps with a trunk prefix. */
function legOf(query: Query, name: string): string | undefined {
  const text = textOf(query, name);
  if (text === undefined) return undefined;
  const digits = bareDigits(text).replace(/^0+/, '');
  if (!/^\d{1,15}$/.test(digits)) throw invalid(name, 'must be a number');
  return digits;
}

function secondsOf(query: Query, name: string): number | undefined {
  const text = textOf(query, name);
  if (text === undefined) return undefined;
  if (!/^\d{1,9}$/.test(text)) throw invalid(name, 'must be a whole number of seconds');
  return Number(text) === 0 ? undefined : Number(text);
}
