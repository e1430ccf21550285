import { Type } from 'typebox';
import {
  cancelReservation,
  extendReservation,
  getReservation,
  listReservations,
  reserveNumber,
} from '../../../core/sales/index.js';
import { e164Of } from '../../../core/number-id.js';
import { accountAsked } from '../../../http/route.js';
import { readId, spellId, spellNumberId } from '../ids.js';
import { ownRoute } from '../kit.js';
import { lineOf, LineProperties } from '../line.js';
import { positionOf, renderPage, rowsFor } from '../paging.js';
import { closed, named, pageOf, PageQuery, Timestamp } from '../schemas.js';
import { spellTime } from '../times.js';

const ReservationShape = named(
  'Reservation',
  Type.Object({
    id: Type.String(),
    number_id: Type.String(),
    number: Type.String(),
    created_at: Timestamp,
    expires_at: Timestamp,
  }),
);
const params = Type.Object({ reservation: Type.String() });
const tag = 'Reservations';

export const reservationRoutes = [
  ownRoute({
    method: 'POST',
    path: '/reservations',
    tag,
    summary: 'Hold a number, or any of a group; nothing is charged',
    status: 201,
    body: Type.Object({ number: LineProperties.number, group_id: LineProperties.group_id }, closed),
    reply: ReservationShape,
    read: (asked) => ({ line: lineOf(accountAsked(asked), asked.body) }),
    verb: reserveNumber,
    render: ({ reservationId: id, ...held }) => render({ id, ...held }),
  }),
  ownRoute({
    method: 'GET',
    path: '/reservations',
    tag,
    summary: 'Holds in force, oldest first',
    query: Type.Object(PageQuery, closed),
    reply: pageOf(ReservationShape),
    read: ({ query }) => ({ afterId: positionOf(query.cursor, 'reservations', 0), limit: rowsFor(query) }),
    verb: listReservations,
    render: (rows, { query }) => renderPage(rows, query, 'reservations', render),
  }),
  ownRoute({
    method: 'GET',
    path: '/reservations/:reservation',
    tag,
    summary: 'One hold in force',
    params,
    reply: ReservationShape,
    read: reservationNamed,
    verb: getReservation,
    render,
  }),
  ownRoute({
    method: 'POST',
    path: '/reservations/:reservation/extend',
    tag,
    summary: 'Let a hold run for the full length again, from now',
    params,
    reply: Type.Object({ id: Type.String(), expires_at: Timestamp }),
    read: reservationNamed,
    verb: extendReservation,
    render: ({ expiresAt }, asked) => ({ id: asked.params.reservation, expires_at: expiresAt }),
  }),
  ownRoute({
    method: 'DELETE',
    operationId: 'cancelReservation',
    path: '/reservations/:reservation',
    tag,
    summary: 'Give a hold up',
    params,
    reply: Type.Object({ id: Type.String(), cancelled: Type.Boolean() }),
    read: reservationNamed,
    verb: cancelReservation,
    render: (_cancelled, asked) => ({ id: asked.params.reservation, cancelled: true }),
  }),
];

function reservationNamed(asked: { readonly params: { readonly reservation: string } }) {
  return { reservationId: readId('reservation', asked.params.reservation) };
}

interface Hold {
  readonly id: number;
  readonly numberId: number;
  readonly createdAt: Date | string;
  readonly expiresAt: Date | string;
}

function render(row: Hold) {
  return {
    id: spellId('reservation', row.id),
    number_id: spellNumberId(row.numberId),
    number: e164Of(row.numberId),
    created_at: spellTime(row.createdAt),
    expires_at: spellTime(row.expiresAt),
  };
}
