import { Type } from 'typebox';
import type { WebhookEvent } from '../../../core/webhooks/index.js';
import { spellId } from '../ids.js';
import { named, Timestamp } from '../schemas.js';

export const EventShape = named(
  'Event',
  Type.Object({
    id: Type.String(),
    type: Type.String({ examples: ['number.rented'] }),
    timestamp: Timestamp,
    account_id: Type.String(),
    data: Type.Object({}, { additionalProperties: true }),
  }),
);

/** Ids in payloads, by the names that payloads give them. What is not listed here is shown as it is. */
const kindByKey = {
  rental: 'rental',
  agent: 'agent',
  order_id: 'order',
  endpoint: 'endpoint',
} as const;

/** An event as the own API tells it, in answers and in deliveries alike. */
export function renderEvent({ id, type, at, accountPublicId, payload }: WebhookEvent) {
  return {
    id: spellId('event', id),
    type,
    timestamp: at.toISOString(),
    account_id: accountPublicId,
    data: Object.fromEntries(Object.entries(payload).map(([key, value]) => [key, renderValue(key, value)])),
  };
}

function renderValue(key: string, value: unknown): unknown {
  if (typeof value !== 'number' || !(key in kindByKey)) return value;
  return spellId(kindByKey[key as keyof typeof kindByKey], value);
}
