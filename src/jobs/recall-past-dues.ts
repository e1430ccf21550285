import { recallPastDues } from '../core/rentals/index.js';
import type { Job } from './job.js';

/** Money has come in: what its wallet owes is tried again at once. */
export const recallPastDuesJob: Job = {
  name: 'recall_past_dues',
  idleSeconds: 2,
  run: (ctx) => recallPastDues({ ctx, input: { clockId: null } }),
};
