import { pruneRecords } from '../core/idempotency/index.js';
import type { Job } from './job.js';

/** Requests are remembered for so long and then forgotten. */
export const pruneIdempotencyJob: Job = {
  name: 'prune_idempotency',
  idleSeconds: 300,
  run: (ctx) => pruneRecords({ ctx, input: { clockId: null } }),
};
