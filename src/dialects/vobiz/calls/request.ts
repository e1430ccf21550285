import { actingAccount } from '../../../core/authority/index.js';
import type { RootContext } from '../../../core/context.js';
import type { CallFilters, CallScope } from '../../../core/usage/index.js';
import type { Query } from '../../../http/wire.js';
import { invalid } from '../../../http/body.js';
import { bareDigits, stretchOf, textOf } from '../parse.js';

/** A master account sees its sub-accounts' calls, as it sees their numbers. */
export function scopeOf(ctx: RootContext, query: Query): CallScope {
  return { filters: filtersOf(query), withSubAccounts: actingAccount(ctx).parentId === null };
}

function filtersOf(query: Query): CallFilters {
  const direction = textOf(query, 'call_direction')?.toLowerCase();
  if (direction !== undefined && direction !== 'inbound' && direction !== 'outbound') {
    throw invalid('call_direction', 'must be inbound or outbound');
  }
  return {
    from: legOf(query, 'from_number'),
    to: legOf(query, 'to_number'),
    startedFrom: stretchOf(query, 'start_date')?.from,
    startedUntil: stretchOf(query, 'end_date')?.until,
    direction,
    minDurationSeconds: secondsOf(query, 'min_duration'),
  };
}

function legOf(query: Query, name: string): number | undefined {
  const text = textOf(query, name);
  if (text === undefined) return undefined;
  const digits = bareDigits(text);
  if (!/^\d{1,15}$/.test(digits)) throw invalid(name, 'must be a number');
  return Number(digits);
}

function secondsOf(query: Query, name: string): number | undefined {
  const text = textOf(query, name);
  if (text === undefined) return undefined;
  if (!/^\d{1,9}$/.test(text)) throw invalid(name, 'must be a whole number of seconds');
  return Number(text) === 0 ? undefined : Number(text);
}
