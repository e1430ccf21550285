import type { WebhookStyle } from '../core/webhooks/index.js';
import { standardStyle } from '../dialects/numex/webhooks/standard-style.js';
import { staffifyStyle } from '../dialects/staffify/webhooks/style.js';
import { poster } from '../http/outgoing/poster.js';
import { deliverWebhooks } from '../jobs/deliver-webhooks.js';
import { fanOutEventsJob } from '../jobs/fan-out-events.js';
import { forgetWebhookSecrets } from '../jobs/forget-webhook-secrets.js';
import { pruneWebhookDeliveries } from '../jobs/prune-webhook-deliveries.js';
import type { Job } from '../jobs/job.js';

/** Every way to write a delivery: one line for each dialect that has one of its own. */
const styles: readonly WebhookStyle[] = [standardStyle, staffifyStyle];

/** The jobs that make and send deliveries; a process has one set of them. */
export function webhookJobs({
  allowPrivate,
  attempted,
}: {
  readonly allowPrivate: boolean;
  readonly attempted?: (outcome: string, seconds: number) => void;
}): Job[] {
  const byName = new Map(styles.map((style) => [style.name, style]));
  const deliver = deliverWebhooks({ styles: byName, post: poster({ allowPrivate }), attempted });
  return [fanOutEventsJob, deliver, forgetWebhookSecrets, pruneWebhookDeliveries];
}
