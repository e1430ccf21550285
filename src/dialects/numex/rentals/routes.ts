import { Type } from 'typebox';
import { featuresOf } from '../../../core/catalogue/index.js';
import { getRental, listOwed, listRentals, releaseNumber } from '../../../core/numbers/index.js';
import type { RentalRow } from '../../../core/numbers/index.js';
import { e164Of } from '../../../core/number-id.js';
import { addSeconds, secondsPerDay } from '../../../lib/clock.js';
import { readId, spellId, spellNumberId } from '../ids.js';
import { route } from '../kit.js';
import { pageOfRows, pageSizeDefault, positionOf } from '../paging.js';
import { closed, Money, oneOf, pageOf, PageQuery, PriceShape, Timestamp } from '../schemas.js';

const RentalShape = Type.Object({
  id: Type.String(),
  number_id: Type.String(),
  number: Type.String(),
  state: Type.String(),
  country: Type.String(),
  type: Type.String(),
  location: Type.String(),
  features: Type.Array(Type.String()),
  label: Type.Union([Type.String(), Type.Null()]),
  tags: Type.Array(Type.String()),
  price: PriceShape,
  order_id: Type.String(),
  started_at: Timestamp,
  next_charge_at: Timestamp,
  past_due_since: Type.Union([Timestamp, Type.Null()], {
    description:
      'The charge due then has not been paid; without money the number is released after the grace',
  }),
  released_at: Type.Union([Timestamp, Type.Null()]),
  reclaim_until: Type.Union([Timestamp, Type.Null()]),
});
const params = Type.Object({ rental: Type.String() });
const tag = 'Rentals';
const owedDaysDefault = 31;
const owedDaysMax = 366;

export const rentalRoutes = [
  route({
    method: 'GET',
    path: '/rentals',
    tag,
    summary: 'Numbers that the account holds, oldest first',
    query: Type.Object(PageQuery, closed),
    reply: pageOf(RentalShape),
    answer: async (ctx, { query }) => {
      const limit = query.limit ?? pageSizeDefault;
      const afterId = positionOf(query.cursor, 'rentals', 0);
      const rows = await listRentals({ ctx, input: { afterId, limit: limit + 1 } });
      const { page, nextCursor } = pageOfRows(rows, limit, 'rentals');
      return { data: page.map(render), next_cursor: nextCursor };
    },
  }),
  route({
    method: 'GET',
    path: '/rentals/:rental',
    tag,
    summary: 'One number that the account holds',
    params,
    reply: RentalShape,
    answer: async (ctx, asked) =>
      render(await getRental({ ctx, input: { rentalId: readId('rental', asked.params.rental) } })),
  }),
  route({
    method: 'DELETE',
    path: '/rentals/:rental',
    tag,
    summary: 'Release a number: after the reclaim window, at the end of what is paid, or now',
    params,
    query: Type.Object(
      {
        leaves: Type.Optional(oneOf(['after_window', 'end_of_cycle', 'now'])),
      },
      closed,
    ),
    reply: Type.Object({
      id: Type.String(),
      number: Type.String(),
      state: Type.String(),
      released_at: Timestamp,
      reclaim_until: Timestamp,
    }),
    answer: async (ctx, asked) => {
      const released = await releaseNumber({
        ctx,
        input: {
          rentalId: readId('rental', asked.params.rental),
          leaves: asked.query.leaves ?? 'after_window',
          again: 'refuse',
        },
      });
      return {
        id: asked.params.rental,
        number: e164Of(released.numberId),
        state: released.state,
        released_at: released.releasedAt,
        reclaim_until: released.reclaimUntil,
      };
    },
  }),
  route({
    method: 'GET',
    path: '/owed',
    tag,
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
    answer: async (ctx, { query }) => {
      const until = addSeconds(ctx.clock.now(), (query.days ?? owedDaysDefault) * secondsPerDay);
      const { charges, totals } = await listOwed({ ctx, input: { until } });
      return {
        until: until.toISOString(),
        totals: [...totals].map(([currency, amountMinor]) => ({ amount_minor: amountMinor, currency })),
        charges: charges.map((charge) => ({
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

function render(row: RentalRow) {
  return {
    id: spellId('rental', row.id),
    number_id: spellNumberId(row.numberId),
    number: e164Of(row.numberId),
    state: row.state,
    country: row.country,
    type: row.type,
    location: row.location,
    features: featuresOf(row.features),
    label: row.label,
    tags: row.tags,
    price: {
      currency: row.currency,
      setup_minor: row.setupMinor,
      recurring_minor: row.recurringMinor,
      cycle: row.cycle,
    },
    order_id: spellId('order', row.orderId),
    started_at: row.startedAt.toISOString(),
    next_charge_at: row.nextChargeAt.toISOString(),
    past_due_since: row.pastDueSince?.toISOString() ?? null,
    released_at: row.releasedAt?.toISOString() ?? null,
    reclaim_until: row.reclaimUntil?.toISOString() ?? null,
  };
}
