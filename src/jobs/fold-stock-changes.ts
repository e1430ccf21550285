import { foldStockChanges } from '../core/stock/index.js';
import type { Job } from './job.js';

/** Totals add up changes that are not folded yet, so a job that is late costs time, and never makes a total wrong. */
export const foldStockChangesJob: Job = {
  name: 'fold_stock_changes',
  idleSeconds: 1,
  run: (ctx) => foldStockChanges({ ctx }),
};
