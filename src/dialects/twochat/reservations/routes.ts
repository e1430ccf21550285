import { cancelReservation, reserveNumber } from '../../../core/sales/index.js';
import { wireRoute } from '../../../http/route.js';
import type { WireRoute } from '../../../http/wire.js';
import { holdNamed, holdOf } from './read.js';
import { renderCancelled, renderHold, renderNewHold } from './render.js';
import { listHolds } from './verbs.js';

/** Contract 8: holds. */
export const reservationRoutes: readonly WireRoute[] = [
  wireRoute({
    method: 'POST',
    path: '/numbers/reservations',
    status: 201,
    read: holdOf,
    verb: reserveNumber,
    render: (hold) => ({ success: true, data: { reservation_details: renderNewHold(hold) } }),
  }),
  wireRoute({
    method: 'GET',
    path: '/numbers/reservations',
    read: () => undefined,
    verb: listHolds,
    render: (holds) => ({ success: true, data: { reservations: holds.map(renderHold) } }),
  }),
  wireRoute({
    method: 'DELETE',
    path: '/numbers/reservations/:uuid',
    read: holdNamed,
    verb: cancelReservation,
    render: renderCancelled,
  }),
];
