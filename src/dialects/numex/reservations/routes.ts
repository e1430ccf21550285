import { Type } from 'typebox';
import { actingAccount } from '../../../core/authority/index.js';
import {
  cancelReservation,
  extendReservation,
  getReservation,
  listReservations,
  reserveNumber,
} from '../../../core/sales/index.js';
import { e164Of } from '../../../core/number-id.js';
import { readId, spellId, spellNumberId } from '../ids.js';
import { route } from '../kit.js';
import { lineOf, LineProperties } from '../line.js';
import { pageOfRows, pageSizeDefault, positionOf } from '../paging.js';
import { closed, pageOf, PageQuery, Timestamp } from '../schemas.js';

const ReservationShape = Type.Object({
  id: Type.String(),
  number_id: Type.String(),
  number: Type.String(),
  created_at: Timestamp,
  expires_at: Timestamp,
});
const params = Type.Object({ reservation: Type.String() });
const tag = 'Reservations';

export const reservationRoutes = [
  route({
    method: 'POST',
    path: '/reservations',
    tag,
    summary: 'Hold a number, or any of a group; nothing is charged',
    status: 201,
    body: Type.Object({ number: LineProperties.number, group_id: LineProperties.group_id }, closed),
    reply: ReservationShape,
    answer: async (ctx, { body }) => {
      const held = await reserveNumber({ ctx, input: { line: lineOf(actingAccount(ctx), body) } });
      return render({
        id: held.reservationId,
        numberId: held.numberId,
        createdAt: new Date(held.createdAt),
        expiresAt: new Date(held.expiresAt),
      });
    },
  }),
  route({
    method: 'GET',
    path: '/reservations',
    tag,
    summary: 'Holds in force, oldest first',
    query: Type.Object(PageQuery, closed),
    reply: pageOf(ReservationShape),
    answer: async (ctx, { query }) => {
      const limit = query.limit ?? pageSizeDefault;
      const afterId = positionOf(query.cursor, 'reservations', 0);
      const rows = await listReservations({ ctx, input: { afterId, limit: limit + 1 } });
      const { page, nextCursor } = pageOfRows(rows, limit, 'reservations');
      return { data: page.map(render), next_cursor: nextCursor };
    },
  }),
  route({
    method: 'GET',
    path: '/reservations/:reservation',
    tag,
    summary: 'One hold in force',
    params,
    reply: ReservationShape,
    answer: async (ctx, asked) =>
      render(
        await getReservation({
          ctx,
          input: { reservationId: readId('reservation', asked.params.reservation) },
        }),
      ),
  }),
  route({
    method: 'POST',
    path: '/reservations/:reservation/extend',
    tag,
    summary: 'Let a hold run for the full length again, from now',
    params,
    reply: Type.Object({ id: Type.String(), expires_at: Timestamp }),
    answer: async (ctx, asked) => {
      const reservationId = readId('reservation', asked.params.reservation);
      const { expiresAt } = await extendReservation({ ctx, input: { reservationId } });
      return { id: asked.params.reservation, expires_at: expiresAt };
    },
  }),
  route({
    method: 'DELETE',
    path: '/reservations/:reservation',
    tag,
    summary: 'Give a hold up',
    params,
    reply: Type.Object({ id: Type.String(), cancelled: Type.Boolean() }),
    answer: async (ctx, asked) => {
      const reservationId = readId('reservation', asked.params.reservation);
      await cancelReservation({ ctx, input: { reservationId } });
      return { id: asked.params.reservation, cancelled: true };
    },
  }),
];

function render(row: { id: number; numberId: number; createdAt: Date; expiresAt: Date }) {
  return {
    id: spellId('reservation', row.id),
    number_id: spellNumberId(row.numberId),
    number: e164Of(row.numberId),
    created_at: row.createdAt.toISOString(),
    expires_at: row.expiresAt.toISOString(),
  };
}
