import { Type } from 'typebox';
import { actingAccount } from '../../../core/authority/index.js';
import type { RootContext } from '../../../core/context.js';
import { domainError } from '../../../core/errors.js';
import { getRental } from '../../../core/rentals/index.js';
import { asOneWrite } from '../../../core/idempotency/index.js';
import { e164Of } from '../../../core/number-id.js';
import {
  callLineOf,
  callsCountedMax,
  formatLeg,
  getCall,
  healthDaysMax,
  listCallsAfter,
  numberHealth,
  recordCalls,
  recordedCallsMax,
  summarizeCalls,
} from '../../../core/usage/index.js';
import type {
  CallFilters,
  CallPosition,
  CallRow,
  CallSummary,
  HealthFigures,
} from '../../../core/usage/index.js';
import { encodeCursor } from '../../../lib/cursor.js';
import { parseE164Lenient } from '../../../lib/e164.js';
import { readId, readNumber, spellNumberId } from '../ids.js';
import { route } from '../kit.js';
import { pageSizeDefault, timePositionOf } from '../paging.js';
import { closed, oneOf, PageQuery, Timestamp } from '../schemas.js';
import { readTime } from '../times.js';

const tag = 'Calls';
const directions = ['inbound', 'outbound'] as const;
const healthDaysDefault = 30;
const TimestampOrNull = Type.Union([Timestamp, Type.Null()]);

const CallShape = Type.Object({
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
});

const SummaryShape = Type.Object({
  calls: Type.Integer(),
  answered: Type.Integer(),
  duration_seconds: Type.Integer(),
  billable_seconds: Type.Integer(),
  last_call_at: TimestampOrNull,
  is_exact: Type.Boolean({
    description: `False where more than ${callsCountedMax} calls pass the filters: the figures are of a part of them`,
  }),
});

/** The fields of a line are looked at one line at a time, so that a bad one does not refuse the others. */
const LineShape = Type.Object({
  call_id: Type.Unknown({ description: 'Your id of the call, unique per environment' }),
  direction: Type.Unknown({ description: 'inbound or outbound' }),
  from: Type.Optional(Type.Unknown({ description: 'E.164; leave it out for a withheld number' })),
  to: Type.Unknown({ description: 'E.164, or a short code' }),
  started_at: Type.Unknown({ description: 'ISO 8601 with its offset' }),
  answered_at: Type.Optional(Type.Unknown()),
  ended_at: Type.Optional(Type.Unknown({ description: 'Leave it out while the call is in progress' })),
  duration: Type.Optional(Type.Unknown({ description: 'Seconds; follows from the times when left out' })),
  billable: Type.Optional(Type.Unknown({ description: 'Seconds; follows from the times when left out' })),
  hangup_cause: Type.Optional(Type.Unknown()),
  sip_call_id: Type.Optional(Type.Unknown()),
  bridge_id: Type.Optional(Type.Unknown()),
  context: Type.Optional(Type.Unknown({ description: 'Part of the dial plan' })),
  hangup_disposition: Type.Optional(Type.Unknown({ description: 'How the leg was released' })),
  campaign_id: Type.Optional(Type.Unknown()),
});

const figures = {
  total_calls: Type.Integer(),
  answered_calls: Type.Integer(),
  answer_rate: Type.Number({ description: 'Share of all calls, 0 to 1' }),
  total_minutes: Type.Number(),
  avg_duration_seconds: Type.Number({ description: 'Over the calls that have ended' }),
};

const CallsQuery = Type.Object(
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
type CallsQuery = Type.Static<typeof CallsQuery>;

export const callRoutes = [
  route({
    method: 'POST',
    path: '/calls',
    tag,
    summary: 'Record calls, idempotent by call id; each line gets a result of its own (admin key)',
    body: Type.Object(
      {
        environment: Type.Optional(oneOf(['live', 'test'], 'live when left out')),
        calls: Type.Array(LineShape, { minItems: 1, maxItems: recordedCallsMax }),
      },
      closed,
    ),
    reply: Type.Object({
      results: Type.Array(
        Type.Object({
          call_id: Type.Union([Type.String(), Type.Null()]),
          outcome: oneOf(['recorded', 'repeated', 'updated', 'refused']),
          reason: Type.Optional(Type.String()),
        }),
      ),
    }),
    answer: async (ctx, { body }) => {
      const environment = body.environment ?? 'live';
      const input = { environment, calls: body.calls.map(callLineOf) } as const;
      const outcomes = await asOneWrite(ctx, (inner) => recordCalls({ ctx: inner, input }));
      return { results: outcomes.map(({ callId, ...outcome }) => ({ call_id: callId, ...outcome })) };
    },
  }),
  route({
    method: 'GET',
    path: '/calls',
    tag,
    summary: 'Calls of the account’s numbers that began while it held them, newest first',
    query: CallsQuery,
    reply: Type.Object({
      data: Type.Array(CallShape),
      next_cursor: Type.Union([Type.String(), Type.Null()]),
      summary: Type.Optional(SummaryShape),
    }),
    answer: async (ctx, { query }) => {
      const { limit = pageSizeDefault, cursor, with_summary: withSummary, ...asked } = query;
      const scope = { filters: filtersOf(ctx, asked), withSubAccounts: asked.with_sub_accounts };
      const after = readPosition(cursor, asked);
      const rows = await listCallsAfter({ ctx, input: { ...scope, after, limit: limit + 1 } });
      const page = rows.slice(0, limit);
      const last = rows.length > limit ? page.at(-1) : undefined;
      return {
        data: page.map(render),
        next_cursor: last ? encodeCursor([last.startedAt.getTime(), last.id], asked) : null,
        ...(withSummary ? { summary: renderSummary(await summarizeCalls({ ctx, input: scope })) } : {}),
      };
    },
  }),
  route({
    method: 'GET',
    path: '/calls/:call',
    tag,
    summary: 'One call of the account’s, or of a sub-account’s',
    params: Type.Object({ call: Type.String() }),
    reply: CallShape,
    answer: async (ctx, { params }) =>
      render(await getCall({ ctx, input: { callId: params.call, withSubAccounts: true } })),
  }),
  route({
    method: 'GET',
    path: '/rentals/:rental/health',
    tag: 'Rentals',
    summary: 'How the calls of a number went on the last UTC days, since the account rents it',
    params: Type.Object({ rental: Type.String() }),
    query: Type.Object(
      {
        granularity: Type.Optional(oneOf(['daily', 'hourly'])),
        days: Type.Optional(Type.Integer({ minimum: 1, maximum: healthDaysMax, default: healthDaysDefault })),
      },
      closed,
    ),
    reply: Type.Object({
      rental_id: Type.String(),
      number: Type.String(),
      granularity: oneOf(['daily', 'hourly']),
      summary: Type.Object({ period_days: Type.Integer(), ...figures }),
      snapshots: Type.Array(
        Type.Object({
          starts_at: Timestamp,
          ...figures,
          failed_calls: Type.Integer(),
          total_duration_seconds: Type.Integer(),
        }),
      ),
    }),
    answer: async (ctx, { params, query }) => {
      const { numberId } = await getRental({ ctx, input: { rentalId: readId('rental', params.rental) } });
      const granularity = query.granularity ?? 'daily';
      const days = query.days ?? healthDaysDefault;
      const { summary, snapshots } = await numberHealth({ ctx, input: { numberId, granularity, days } });
      return {
        rental_id: params.rental,
        number: e164Of(numberId),
        granularity,
        summary: { period_days: summary.periodDays, ...renderFigures(summary) },
        snapshots: snapshots.map((snapshot) => ({
          starts_at: snapshot.startsAt.toISOString(),
          ...renderFigures(snapshot),
          failed_calls: snapshot.failedCalls,
          total_duration_seconds: snapshot.totalDurationSeconds,
        })),
      };
    },
  }),
];

/** Raises invalid_input (from, to, started_from, started_until), not_found (number). */
function filtersOf(ctx: RootContext, query: CallsQuery): CallFilters {
  const { environment } = actingAccount(ctx);
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

function render(row: CallRow) {
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

function renderSummary(summary: CallSummary) {
  return {
    calls: summary.calls,
    answered: summary.answered,
    duration_seconds: summary.durationSeconds,
    billable_seconds: summary.billableSeconds,
    last_call_at: summary.lastCallAt?.toISOString() ?? null,
    is_exact: summary.isExact,
  };
}

function renderFigures(health: HealthFigures) {
  return {
    total_calls: health.totalCalls,
    answered_calls: health.answeredCalls,
    answer_rate: health.answerRate,
    total_minutes: health.totalMinutes,
    avg_duration_seconds: health.avgDurationSeconds,
  };
}
