import { Type } from 'typebox';
import { featuresOf } from '../../../core/catalogue/index.js';
import {
  describeRental,
  getRental,
  labelLengthMax,
  listOwed,
  listRentals,
  reclaimNumber,
  releaseNumber,
  tagLengthMax,
  tagsMax,
} from '../../../core/rentals/index.js';
import type { RentalRow } from '../../../core/rentals/index.js';
import { assignmentsOf } from '../../../core/routing/index.js';
import type { Assignment } from '../../../core/routing/index.js';
import type { Context } from '../../../core/context.js';
import { asOneWrite } from '../../../core/idempotency/index.js';
import { e164Of } from '../../../core/number-id.js';
import { lastCallAt } from '../../../core/usage/index.js';
import { addSeconds, secondsPerDay } from '../../../lib/clock.js';
import { encodeCursor, pageOfRows as cutRows } from '../../../http/paging.js';
import { AssignmentShape, renderAssignment } from '../assignments/routes.js';
import { readId, spellId, spellNumberId } from '../ids.js';
import { route } from '../kit.js';
import { pageOfRows, pageSizeDefault, positionOf, timePositionOf } from '../paging.js';
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
  assignments: Type.Array(AssignmentShape),
  price: PriceShape,
  order_id: Type.String(),
  address_id: Type.Union([Type.String(), Type.Null()], {
    description: 'The address that the number is registered with',
  }),
  started_at: Timestamp,
  next_charge_at: Timestamp,
  past_due_since: Type.Union([Timestamp, Type.Null()], {
    description:
      'The charge due then has not been paid; without money the number is released after the grace',
  }),
  released_at: Type.Union([Timestamp, Type.Null()]),
  reclaim_until: Type.Union([Timestamp, Type.Null()]),
  last_call_at: Type.Union([Timestamp, Type.Null()], {
    description: 'Start of the number’s latest call, whoever held it; now, while one goes on',
  }),
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
      return { data: await renderAll(ctx, page), next_cursor: nextCursor };
    },
  }),
  route({
    method: 'GET',
    path: '/rentals/:rental',
    tag,
    summary: 'One number that the account holds',
    params,
    reply: RentalShape,
    answer: (ctx, asked) => renderOne(ctx, readId('rental', asked.params.rental)),
  }),
  route({
    method: 'PATCH',
    path: '/rentals/:rental',
    tag,
    summary: 'Set the tags or the label of a number; what is not given stays',
    params,
    body: Type.Object(
      {
        tags: Type.Optional(
          Type.Array(Type.String({ maxLength: 4 * tagLengthMax }), {
            maxItems: 10 * tagsMax,
            description: `The whole list: at most ${tagsMax}, each of at most ${tagLengthMax} characters`,
          }),
        ),
        label: Type.Optional(Type.Union([Type.String({ maxLength: 4 * labelLengthMax }), Type.Null()])),
      },
      closed,
    ),
    reply: RentalShape,
    answer: async (ctx, { params: { rental }, body }) => {
      const rentalId = readId('rental', rental);
      return asOneWrite(ctx, async (inner) => {
        await describeRental({ ctx: inner, input: { rentalId, ...body } });
        return renderOne(inner, rentalId);
      });
    },
  }),
  route({
    method: 'POST',
    path: '/rentals/:rental/reclaim',
    tag,
    summary: 'Undo a release within its window: owner, price, tags and assignments are as before',
    params,
    query: Type.Object({ assignments: Type.Optional(oneOf(['restore', 'leave'])) }, closed),
    reply: Type.Object({
      id: Type.String(),
      number: Type.String(),
      state: Type.String(),
      currency: Type.String(),
      charged_minor: Type.Integer({ description: 'Rent for cycles that fell due since the release' }),
      refunded_minor: Type.Integer({ description: 'The release fee that came back' }),
    }),
    answer: async (ctx, { params: { rental }, query }) => {
      const rentalId = readId('rental', rental);
      const assignments = query.assignments ?? 'restore';
      const reclaimed = await reclaimNumber({ ctx, input: { rentalId, assignments } });
      return {
        id: rental,
        number: e164Of(reclaimed.numberId),
        state: reclaimed.state,
        currency: reclaimed.currency,
        charged_minor: reclaimed.chargedMinor,
        refunded_minor: reclaimed.refundedMinor,
      };
    },
  }),
  route({
    method: 'DELETE',
    path: '/rentals/:rental',
    tag,
    summary: 'Release a number: after the reclaim window, at the end of what is paid, or now',
    params,
    query: Type.Object(
      {
        leaves: Type.Optional(oneOf(['after_window', 'after_cancel_window', 'end_of_cycle', 'now'])),
      },
      closed,
    ),
    reply: Type.Object({
      id: Type.String(),
      number: Type.String(),
      state: Type.String(),
      released_at: Timestamp,
      reclaim_until: Timestamp,
      fee_minor: Type.Integer({ description: 'What the release has cost' }),
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
        fee_minor: released.feeMinor,
      };
    },
  }),
  route({
    method: 'GET',
    path: '/owed',
    tag,
    summary:
      'Charges that fall due in the next days, the earliest first, and the sums of all of them per currency',
    query: Type.Object(
      {
        days: Type.Optional(Type.Integer({ minimum: 1, maximum: owedDaysMax, default: owedDaysDefault })),
        ...PageQuery,
      },
      closed,
    ),
    reply: Type.Object({
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
    answer: async (ctx, { query }) => {
      const { days = owedDaysDefault, limit = pageSizeDefault, cursor } = query;
      const filters = { list: 'owed', days };
      const until = addSeconds(ctx.clock.now(), days * secondsPerDay);
      const after = timePositionOf(cursor, filters);
      const { charges, totals } = await listOwed({ ctx, input: { until, after, limit: limit + 1 } });
      const { page, last } = cutRows(charges, limit);
      return {
        until: until.toISOString(),
        totals: totals.map(({ currency, amountMinor }) => ({ amount_minor: amountMinor, currency })),
        next_cursor: last ? encodeCursor([last.dueAt.getTime(), last.rentalId], filters) : null,
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

async function renderOne(ctx: Context, rentalId: number) {
  const [rental] = await renderAll(ctx, [await getRental({ ctx, input: { rentalId } })]);
  return rental;
}

async function renderAll(ctx: Context, rows: readonly RentalRow[]) {
  const [assignments, lastCalls] = await Promise.all([
    assignmentsOf({ ctx, input: { rentalIds: rows.map((row) => row.id) } }),
    lastCallAt(
      ctx,
      rows.map((row) => row.numberId),
    ),
  ]);
  return rows.map((row) => render(row, assignments.get(row.id) ?? [], lastCalls.get(row.numberId)));
}

function render(row: RentalRow, assignments: readonly Assignment[], lastCall: Date | undefined) {
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
    assignments: assignments.map(renderAssignment),
    price: {
      currency: row.currency,
      setup_minor: row.setupMinor,
      recurring_minor: row.recurringMinor,
      cycle: row.cycle,
    },
    order_id: spellId('order', row.orderId),
    address_id: row.addressId === null ? null : spellId('address', row.addressId),
    started_at: row.startedAt.toISOString(),
    next_charge_at: row.nextChargeAt.toISOString(),
    past_due_since: row.pastDueSince?.toISOString() ?? null,
    released_at: row.releasedAt?.toISOString() ?? null,
    reclaim_until: row.reclaimUntil?.toISOString() ?? null,
    last_call_at: lastCall?.toISOString() ?? null,
  };
}
