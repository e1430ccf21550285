import { Type } from 'typebox';
import { e164Of } from '../../../core/number-id.js';
import { spellId } from '../ids.js';
import { ownRoute } from '../kit.js';
import { closed, Money, Timestamp } from '../schemas.js';
import { owedWithin } from './verbs.js';

const owedDaysDefault = 31;
const owedDaysMax = 366;

export const owedRoutes = [
  ownRoute({
    method: 'GET',
    path: '/owed',
    tag: 'Rentals',
    summary: 'Charges that fall due in the next days, and their sum per currency',
    query: Type.Object(
      { days: Type.Optional(Type.Integer({ minimum: 1, maximum: owedDaysMax, default: owedDaysDefault })) },
      closed,
    ),
    reply: Type.Object({
      until: Timestamp,
      totals: Type.Array(Money),
      charges: Type.Array(
        Type.Object({
          rental_id: Type.String(),
          number: Type.String(),
          due_at: Timestamp,
          amount_minor: Type.Integer(),
          currency: Type.String(),
        }),
      ),
    }),
    read: ({ query }) => ({ days: query.days ?? owedDaysDefault }),
    verb: owedWithin,
    render: ({ until, totals, charges }) => ({
      until: until.toISOString(),
      totals: [...totals].map(([currency, amountMinor]) => ({ amount_minor: amountMinor, currency })),
      charges: charges.map((charge) => ({
        rental_id: spellId('rental', charge.rentalId),
        number: e164Of(charge.numberId),
        due_at: charge.dueAt.toISOString(),
        amount_minor: charge.amountMinor,
        currency: charge.currency,
      })),
    }),
  }),
];
