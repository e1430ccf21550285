import { forgetExpiredSecrets } from '../core/webhooks/index.js';
import type { Job } from './job.js';

/** Deletes secrets that were rotated out and no longer sign. */
export const forgetWebhookSecrets: Job = {
  name: 'forget_webhook_secrets',
  idleSeconds: 3600,
  run: (ctx) => forgetExpiredSecrets({ ctx }),
};
