import { pruneDeliveries } from '../core/webhooks/index.js';
import type { Job } from './job.js';

/** Deletes deliveries that have long been over. */
export const pruneWebhookDeliveries: Job = {
  name: 'prune_webhook_deliveries',
  idleSeconds: 3600,
  run: (ctx) => pruneDeliveries({ ctx }),
};
