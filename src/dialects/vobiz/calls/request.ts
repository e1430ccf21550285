import type { CallFilters, SwitchFacts } from '../../../core/usage/index.js';
import type { Query } from '../../../http/wire.js';
import { invalid } from '../../../http/body.js';
import { pageOf, sizeOf } from '../paging.js';
import type { NumberedPage, SizeRule } from '../paging.js';
import { bareDigits, given, printableOf, stretchOf, textOf } from '../parse.js';

export const callsPerPage: SizeRule = { name: 'per_page', usual: 20, max: 100, above: 'usual' };
const recentSize: SizeRule = { name: 'limit', usual: 20, max: 100, above: 'largest' };
const usualHealthDays = 30;

/** The filters of list, search and export (contract 11.3). Raises invalid_input. */
export function filtersOf(query: Query): CallFilters {
  const direction = textOf(query, 'call_direction')?.toLowerCase();
  if (direction !== undefined && direction !== 'inbound' && direction !== 'outbound') {
    throw invalid('call_direction', 'must be inbound or outbound');
  }
  return {
    fromEnd: legOf(query, 'from_number'),
    toEnd: legOf(query, 'to_number'),
    startedFrom: stretchOf(query, 'start_date')?.from,
    startedUntil: stretchOf(query, 'end_date')?.until,
    direction,
    minDurationSeconds: secondsOf(query, 'min_duration'),
    hangupCause: printableOf(query, 'hangup_cause'),
    switchFacts: factsOf(query),
    text: printableOf(query, 'search')?.replace(/^\+/, ''),
  };
}

function factsOf(query: Query): SwitchFacts | undefined {
  const facts: SwitchFacts = given({
    sipCallId: printableOf(query, 'sip_call_id'),
    bridgeId: printableOf(query, 'bridge_uuid'),
    context: printableOf(query, 'context'),
    hangupDisposition: printableOf(query, 'hangup_disposition'),
    campaignId: printableOf(query, 'campaign_id'),
  });
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

/** The recent calls are asked for by `limit`, by older clients in pages. */
export function recentPage(query: Query): NumberedPage {
  const page = pageOf(query, callsPerPage);
  return textOf(query, 'limit') === undefined ? page : { page: 1, perPage: sizeOf(query, recentSize) };
}

export function healthWanted(query: Query): { granularity: 'daily' | 'hourly'; days: number } {
  const granularity = textOf(query, 'granularity') ?? 'daily';
  if (granularity !== 'daily' && granularity !== 'hourly') {
    throw invalid('granularity', 'must be daily or hourly');
  }
  return { granularity, days: Number(textOf(query, 'days') ?? usualHealthDays) };
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
