import { Type } from 'typebox';
import type { Account } from '../../../core/context.js';
import { domainError } from '../../../core/errors.js';
import type { CallFilters, CallPosition } from '../../../core/usage/index.js';
import { accountAsked } from '../../../http/route.js';
import { parseE164Lenient } from '../../../lib/e164.js';
import { readNumber } from '../ids.js';
import { rowsFor, timePositionOf, withoutPage } from '../paging.js';
import { closed, oneOf, PageQuery, Timestamp } from '../schemas.js';
import { readTime } from '../times.js';
import { directions } from './shapes.js';
import type { CallsWanted } from './verbs.js';

export const CallsQuery = Type.Object(
  {
    ...PageQuery,
    from: Type.Optional(Type.String({ maxLength: 40, description: 'Calling number, E.164' })),
    to: Type.Optional(Type.String({ maxLength: 40, description: 'Called number, E.164' })),
    number: Type.Optional(
      Type.String({ maxLength: 40, description: 'The account’s own number, by E.164 or id' }),
    ),
    started_from: Type.Optional(Timestamp),
    started_until: Type.Optional(
      Type.String({ format: 'date-time', description: 'ISO 8601; not included itself' }),
    ),
    direction: Type.Optional(oneOf(directions)),
    min_duration: Type.Optional(Type.Integer({ minimum: 0, maximum: 2_147_483_647, description: 'Seconds' })),
    with_sub_accounts: Type.Optional(Type.Boolean({ default: false })),
    with_summary: Type.Optional(
      Type.Boolean({ default: false, description: 'Figures of all calls that pass the filters' }),
    ),
  },
  closed,
);
export type CallsQuery = Type.Static<typeof CallsQuery>;

/** The filters that a cursor of the list holds for. */
export function listFilters(query: CallsQuery) {
  const { with_summary: withSummary, ...filters } = withoutPage(query);
  return { withSummary: withSummary ?? false, filters };
}

/** Which calls are wanted. Raises as its parts do. */
export function callsWanted({
  query,
  account,
}: {
  readonly query: CallsQuery;
  readonly account: Account | undefined;
}): CallsWanted {
  const { withSummary, filters } = listFilters(query);
  return {
    filters: filtersOf(accountAsked({ account }), query),
    withSubAccounts: query.with_sub_accounts,
    after: readPosition(query.cursor, filters),
    limit: rowsFor(query),
    withSummary,
  };
}

/** Raises invalid_input (from, to, started_from, started_until), not_found (number). */
function filtersOf({ environment }: Account, query: CallsQuery): CallFilters {
  return {
    from: readDigits('from', query.from),
    to: readDigits('to', query.to),
    numberId: query.number === undefined ? undefined : readNumber(query.number, environment),
    startedFrom: readTime('started_from', query.started_from),
    startedUntil: readTime('started_until', query.started_until),
    direction: query.direction,
    minDurationSeconds: query.min_duration,
  };
}

function readDigits(field: 'from' | 'to', text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const digits = parseE164Lenient(text.trim());
  if (digits === undefined) {
    throw domainError('invalid_input', { field, reason: 'must be an E.164 number such as +12025550100' });
  }
  return digits;
}

/** The call behind which a page starts. Raises invalid_input (cursor). */
function readPosition(cursor: string | undefined, filters: unknown): CallPosition | undefined {
  const position = timePositionOf(cursor, filters);
  return position && { startedAt: position.at, id: position.id };
}
