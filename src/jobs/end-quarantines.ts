import { endQuarantines } from '../core/stock/index.js';
import type { Job } from './job.js';

/** Numbers that have rested long enough go back to their shelves. */
export const endQuarantinesJob: Job = {
  name: 'end_quarantines',
  idleSeconds: 15,
  run: (ctx) => endQuarantines({ ctx, input: { clockId: null } }),
};
