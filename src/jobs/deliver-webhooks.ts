import { WebhookDispatcher } from '../core/webhooks/index.js';
import type { DispatcherOptions } from '../core/webhooks/index.js';
import type { Job } from './job.js';

/** Sends deliveries that are due. One for each process: it remembers what is on its way to whom. */
export function deliverWebhooks(options: DispatcherOptions): Job {
  const dispatcher = new WebhookDispatcher(options);
  return { name: 'deliver_webhooks', idleSeconds: 1, run: (ctx) => dispatcher.run(ctx) };
}
