import { Type } from 'typebox';
import {
  filterLengthMax,
  filtersPerEndpointMax,
  overlapSecondsMax,
  urlLengthMax,
} from '../../../core/webhooks/index.js';
import type { Delivery, Endpoint } from '../../../core/webhooks/index.js';
import { spellId } from '../ids.js';
import { closed, named, oneOf, Timestamp } from '../schemas.js';

const nullable = <T extends ReturnType<typeof Type.String> | ReturnType<typeof Type.Integer>>(shape: T) =>
  Type.Union([shape, Type.Null()]);

const Secret = Type.Union([Type.String(), Type.Null()], {
  description: 'What deliveries are signed with, `whsec_…`. Shown once; null when the answer is a replay',
});

const Url = Type.String({
  minLength: 1,
  maxLength: urlLengthMax,
  description: 'https or http, on the public internet',
  examples: ['https://example.com/numex'],
});
const Filters = Type.Array(Type.String({ maxLength: filterLengthMax }), {
  minItems: 1,
  maxItems: filtersPerEndpointMax,
  description: '`*`, types of events, or beginnings of them such as `number.*`',
  examples: [['number.*', 'wallet.deposited']],
});
const IncludeSubAccounts = Type.Boolean({
  description: 'Whether it hears of the events of sub-accounts too',
});
const Status = oneOf(['active', 'disabled'], 'Nothing is kept for a disabled endpoint');

export const NewEndpointBody = Type.Object(
  {
    url: Url,
    filters: Type.Optional(Filters),
    include_sub_accounts: Type.Optional(IncludeSubAccounts),
  },
  closed,
);

export const EndpointChanges = Type.Object(
  {
    url: Type.Optional(Url),
    filters: Type.Optional(Filters),
    include_sub_accounts: Type.Optional(IncludeSubAccounts),
    status: Type.Optional(Status),
  },
  { ...closed, minProperties: 1 },
);

export const RotationBody = Type.Object(
  {
    overlap_seconds: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: overlapSecondsMax,
        default: 86_400,
        description: 'How long the old secret signs beside the new one',
      }),
    ),
  },
  closed,
);

const endpointProperties = {
  id: Type.String(),
  url: Type.String(),
  filters: Type.Array(Type.String()),
  style: Type.String({ description: '`standard`: the Standard Webhooks specification' }),
  include_sub_accounts: Type.Boolean(),
  status: Status,
  disabled_reason: nullable(Type.String({ description: '`owner`, or `gone` after an answer of 410' })),
  created_at: Timestamp,
  updated_at: Timestamp,
};
export const EndpointShape = named('WebhookEndpoint', Type.Object(endpointProperties));
export const NewEndpointShape = named(
  'NewWebhookEndpoint',
  Type.Object({ ...endpointProperties, secret: Secret }),
);
export const RotationShape = named(
  'RotatedSecret',
  Type.Object({
    id: Type.String(),
    secret: Secret,
    old_secret_expires_at: Timestamp,
  }),
);

export const DeliveryStateName = oneOf(['pending', 'delivered', 'dead']);
export const DeliveryShape = named(
  'WebhookDelivery',
  Type.Object({
    id: Type.String({ description: 'The header `webhook-id` of every attempt' }),
    endpoint_id: Type.String(),
    event_id: Type.String(),
    event_type: Type.String(),
    state: DeliveryStateName,
    attempts: Type.Integer(),
    next_attempt_at: nullable(Timestamp),
    last_status: nullable(Type.Integer()),
    last_error: nullable(Type.String()),
    created_at: Timestamp,
    delivered_at: nullable(Timestamp),
  }),
);

export function renderEndpoint(endpoint: Endpoint) {
  return {
    id: spellId('endpoint', endpoint.endpointId),
    url: endpoint.url,
    filters: endpoint.filters,
    style: endpoint.style,
    include_sub_accounts: endpoint.includeSubAccounts,
    status: endpoint.status,
    disabled_reason: endpoint.disabledReason,
    created_at: endpoint.createdAt,
    updated_at: endpoint.updatedAt,
  };
}

export function renderDelivery(delivery: Delivery) {
  return {
    id: spellId('delivery', delivery.deliveryId),
    endpoint_id: spellId('endpoint', delivery.endpointId),
    event_id: spellId('event', delivery.eventId),
    event_type: delivery.eventType,
    state: delivery.state,
    attempts: delivery.attempts,
    next_attempt_at: delivery.nextAttemptAt,
    last_status: delivery.lastStatus,
    last_error: delivery.lastError,
    created_at: delivery.createdAt,
    delivered_at: delivery.deliveredAt,
  };
}
