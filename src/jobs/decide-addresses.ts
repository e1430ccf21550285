import { settleAutomaticDecisions } from '../core/rentals/index.js';
import type { Job } from './job.js';

const addressesPerBatch = 100;

/** Where the policy has addresses verified without the operator: those that nobody has asked after. */
export const decideAddressesJob: Job = {
  name: 'decide_addresses',
  idleSeconds: 60,
  run: (ctx) => settleAutomaticDecisions({ ctx, input: { limit: addressesPerBatch } }),
};
