import { sealEntries } from '../core/audit/index.js';
import type { Job } from './job.js';

/** Puts committed audit entries under the hash chain: one that is older than a moment cannot be changed unseen. */
export const sealAudit: Job = {
  name: 'seal_audit',
  idleSeconds: 5,
  run: (ctx) => sealEntries({ ctx }),
};
