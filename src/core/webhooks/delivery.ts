import { domainError } from '../errors.js';
import type { DomainError } from '../errors.js';
import type { DeliveryRow, DeliveryState } from './delivery-store.js';

/** A delivery as verbs give it. Plain data: stored and replayed as JSON. */
export interface Delivery {
  readonly deliveryId: number;
  readonly endpointId: number;
  readonly eventId: number;
  readonly eventType: string;
  readonly state: DeliveryState;
  readonly attempts: number;
  readonly nextAttemptAt: string | null;
  readonly lastStatus: number | null;
  readonly lastError: string | null;
  readonly createdAt: string;
  readonly deliveredAt: string | null;
}

export function deliveryOf(row: DeliveryRow): Delivery {
  return {
    deliveryId: row.id,
    endpointId: row.endpointId,
    eventId: row.eventId,
    eventType: row.eventType,
    state: row.state,
    attempts: row.attempts,
    nextAttemptAt: row.nextAttemptAt?.toISOString() ?? null,
    lastStatus: row.lastStatus,
    lastError: row.lastError,
    createdAt: row.createdAt.toISOString(),
    deliveredAt: row.deliveredAt?.toISOString() ?? null,
  };
}

export function deliveryNotFound(id: number): DomainError {
  return domainError('not_found', { kind: 'delivery', id });
}
