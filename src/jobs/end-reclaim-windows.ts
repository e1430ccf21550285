import { endReclaimWindows } from '../core/rentals/index.js';
import type { Job } from './job.js';

/** Releases that can no longer be undone end, and their numbers rest or go back to stock. */
export const endReclaimWindowsJob: Job = {
  name: 'end_reclaim_windows',
  idleSeconds: 5,
  run: (ctx) => endReclaimWindows({ ctx, input: { clockId: null } }),
};
