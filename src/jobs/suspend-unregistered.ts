import { suspendUnregistered } from '../core/rentals/index.js';
import type { Job } from './job.js';

/** Rentals whose requirements were not met in time are suspended. */
export const suspendUnregisteredJob: Job = {
  name: 'suspend_unregistered',
  idleSeconds: 60,
  run: (ctx) => suspendUnregistered({ ctx, input: { clockId: null } }),
};
