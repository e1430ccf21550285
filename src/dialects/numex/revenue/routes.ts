import { Type } from 'typebox';
import { revenue, revenueDimensions } from '../../../core/ledger/index.js';
import type { RevenueDimension } from '../../../core/ledger/index.js';
import { dueDaysMax, listPastDues } from '../../../core/rentals/index.js';
import { e164Of } from '../../../core/number-id.js';
import { invalid } from '../../../http/body.js';
import { encodeCursor, pageOfRows } from '../../../http/paging.js';
import { spellId } from '../ids.js';
import { ownRoute } from '../kit.js';
import { pageSizeDefault, positionOf, rowsFor, timePositionOf, withoutPage } from '../paging.js';
import { closed, Money, named, oneOf, pageOf, PageQuery, Timestamp } from '../schemas.js';
import { dueWithin } from './verbs.js';

const tag = 'Money';
const dueDaysDefault = 31;
/** Rows in front of a page at most. */
const offsetMax = 100_000;
const environment = Type.Optional(oneOf(['live', 'test'], 'live unless said'));
const monthName = Type.String({ pattern: '^[1-9][0-9]{3}-(0[1-9]|1[0-2])$', examples: ['2026-03'] });
const textOrNull = Type.Union([Type.String(), Type.Null()]);

/** What the operator earned, will charge, and has not been paid. */
export const revenueRoutes = [
  ownRoute({
    method: 'GET',
    path: '/revenue',
    tag,
    summary: 'What was earned, by month, country, type and account (admin key)',
    query: Type.Object(
      {
        from: Type.Optional(monthName),
        until: Type.Optional(monthName),
        by: Type.Optional(
          Type.String({
            maxLength: 100,
            default: 'month',
            description: `Any of ${revenueDimensions.join(', ')}, with commas between them`,
          }),
        ),
        environment,
        ...PageQuery,
      },
      closed,
    ),
    reply: pageOf(
      named(
        'RevenueSum',
        Type.Object({
          month: textOrNull,
          country: textOrNull,
          type: textOrNull,
          account: textOrNull,
          account_name: textOrNull,
          currency: Type.String(),
          rentals_minor: Type.Integer(),
          release_fees_minor: Type.Integer(),
          refunds_minor: Type.Integer(),
          adjustments_minor: Type.Integer({ description: 'Positive where tenants were charged more' }),
          total_minor: Type.Integer(),
        }),
      ),
    ),
    read: ({ query }) => ({
      environment: query.environment ?? ('live' as const),
      from: query.from,
      until: query.until,
      by: dimensionsOf(query.by),
      offset: positionOf(query.cursor, withoutPage(query), 0, offsetMax),
      limit: rowsFor(query),
    }),
    verb: revenue,
    render: (rows, { query }) => {
      const { page, last } = pageOfRows(rows, query.limit ?? pageSizeDefault);
      const filters = withoutPage(query);
      const next = positionOf(query.cursor, filters, 0, offsetMax) + page.length;
      return {
        data: page.map((row) => ({
          month: row.month,
          country: row.country,
          type: row.type,
          account: row.account,
          account_name: row.accountName,
          currency: row.currency,
          rentals_minor: row.rentalsMinor,
          release_fees_minor: row.releaseFeesMinor,
          refunds_minor: row.refundsMinor,
          adjustments_minor: row.adjustmentsMinor,
          total_minor: row.totalMinor,
        })),
        next_cursor: last && next <= offsetMax ? encodeCursor([next], filters) : null,
      };
    },
  }),
  ownRoute({
    method: 'GET',
    path: '/due',
    tag,
    summary: 'What all accounts together will be charged in the next days, by day (admin key)',
    query: Type.Object(
      {
        days: Type.Optional(Type.Integer({ minimum: 1, maximum: dueDaysMax, default: dueDaysDefault })),
        environment,
      },
      closed,
    ),
    reply: Type.Object({
      until: Timestamp,
      data: Type.Array(Type.Object({ day: Type.String(), charges: Type.Integer(), ...Money.properties })),
    }),
    read: ({ query }) => ({
      days: query.days ?? dueDaysDefault,
      environment: query.environment ?? ('live' as const),
    }),
    verb: dueWithin,
    render: ({ until, days }) => ({
      until: until.toISOString(),
      data: days.map(({ day, charges, amountMinor, currency }) => ({
        day,
        charges,
        amount_minor: amountMinor,
        currency,
      })),
    }),
  }),
  ownRoute({
    method: 'GET',
    path: '/past-dues',
    tag,
    summary: 'Rentals whose charge could not be paid, the longest overdue first (admin key)',
    query: Type.Object({ environment, ...PageQuery }, closed),
    reply: pageOf(
      named(
        'PastDue',
        Type.Object({
          rental_id: Type.String(),
          number: Type.String(),
          account: Type.String(),
          account_name: Type.String(),
          ...Money.properties,
          since: Timestamp,
          next_try_at: Type.Union([Timestamp, Type.Null()]),
        }),
      ),
    ),
    read: ({ query }) => ({
      environment: query.environment ?? ('live' as const),
      after: timePositionOf(query.cursor, pastDueFilters(query)),
      limit: rowsFor(query),
    }),
    verb: listPastDues,
    render: (rows, { query }) => {
      const { page, last } = pageOfRows(rows, query.limit ?? pageSizeDefault);
      return {
        data: page.map((row) => ({
          rental_id: spellId('rental', row.rentalId),
          number: e164Of(row.numberId),
          account: row.account,
          account_name: row.accountName,
          amount_minor: row.amountMinor,
          currency: row.currency,
          since: row.since.toISOString(),
          next_try_at: row.retryAt?.toISOString() ?? null,
        })),
        next_cursor: last ? encodeCursor([last.since.getTime(), last.rentalId], pastDueFilters(query)) : null,
      };
    },
  }),
];

function pastDueFilters(query: { readonly environment?: 'live' | 'test' }) {
  return { list: 'past-dues', environment: query.environment ?? 'live' };
}

/** Raises invalid_input (by). */
function dimensionsOf(by = 'month'): RevenueDimension[] {
  const names = by.split(',').map((name) => name.trim());
  const known = revenueDimensions.filter((dimension) => names.includes(dimension));
  if (known.length === new Set(names).size) return known;
  throw invalid('by', `must be any of ${revenueDimensions.join(', ')}, with commas between them`);
}
