import { expireReservations } from '../core/sales/index.js';
import type { Job } from './job.js';

/** Holds end for every reader by themselves; this says so, and tells the holder. */
export const expireReservationsJob: Job = {
  name: 'expire_reservations',
  idleSeconds: 5,
  run: (ctx) => expireReservations({ ctx, input: { clockId: null } }),
};
