import { Webhook } from 'standardwebhooks';
import type { WebhookStyle } from '../../../core/webhooks/index.js';
import { spellId } from '../ids.js';
import { renderEvent } from './event-shape.js';

/** Deliveries by the Standard Webhooks specification; its libraries verify them. */
export const standardStyle: WebhookStyle = {
  name: 'standard',
  render: (event) => JSON.stringify(renderEvent(event)),
  sign: (body, secrets, at, deliveryId) => {
    const messageId = spellId('delivery', deliveryId);
    return {
      'webhook-id': messageId,
      'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
      'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(messageId, at, body)).join(' '),
    };
  },
};
