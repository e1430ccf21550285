import { Type } from 'typebox';
import { e164Of } from '../../../core/number-id.js';
import { encodeCursor, pageOfRows } from '../../../http/paging.js';
import { spellId } from '../ids.js';
import { ownRoute } from '../kit.js';
import { pageSizeDefault, rowsFor, timePositionOf } from '../paging.js';
import { closed, Money, named, PageQuery, Timestamp } from '../schemas.js';
import { owedWithin } from './verbs.js';

const owedDaysDefault = 31;
const owedDaysMax = 366;

export const owedRoutes = [
  ownRoute({
    method: 'GET',
    operationId: 'listOwedCharges',
    path: '/owed',
    tag: 'Rentals',
    summary:
      'Charges that fall due in the next days, the earliest first, and the sums of all of them per currency',
    query: Type.Object(
      {
        days: Type.Optional(Type.Integer({ minimum: 1, maximum: owedDaysMax, default: owedDaysDefault })),
        ...PageQuery,
      },
      closed,
    ),
    reply: named(
      'OwedCharges',
      Type.Object({
        until: Timestamp,
        totals: Type.Array(Money, { description: 'Of all charges, whatever the page shows' }),
        charges: Type.Array(
          Type.Object({
            rental_id: Type.String(),
            number: Type.String(),
            due_at: Timestamp,
            amount_minor: Type.Integer(),
            currency: Type.String(),
          }),
        ),
        next_cursor: Type.Union([Type.String(), Type.Null()]),
      }),
    ),
    read: ({ query }) => {
      const filters = owedFilters(query);
      return {
        days: filters.days,
        after: timePositionOf(query.cursor, filters),
        limit: rowsFor(query),
      };
    },
    verb: owedWithin,
    render: ({ until, totals, charges }, { query }) => {
      const { page, last } = pageOfRows(charges, query.limit ?? pageSizeDefault);
      return {
        until: until.toISOString(),
        totals: totals.map(({ currency, amountMinor }) => ({ amount_minor: amountMinor, currency })),
        next_cursor: last ? encodeCursor([last.dueAt.getTime(), last.rentalId], owedFilters(query)) : null,
        charges: page.map((charge) => ({
          rental_id: spellId('rental', charge.rentalId),
          number: e164Of(charge.numberId),
          due_at: charge.dueAt.toISOString(),
          amount_minor: charge.amountMinor,
          currency: charge.currency,
        })),
      };
    },
  }),
];

/** What a cursor of the list holds for. */
function owedFilters({ days = owedDaysDefault }: { readonly days?: number }) {
  return { list: 'owed', days };
}
