import { renewRentals } from '../core/rentals/index.js';
import type { Job } from './job.js';

/** Rentals are charged for the cycle that begins; those that cannot be paid are tried again and in the end released. */
export const renewRentalsJob: Job = {
  name: 'renew_rentals',
  idleSeconds: 2,
  run: (ctx) => renewRentals({ ctx, input: { clockId: null } }),
};
