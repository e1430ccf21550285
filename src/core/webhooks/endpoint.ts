import { domainError } from '../errors.js';
import type { DomainError } from '../errors.js';
import type { EndpointRow } from './store.js';

/** An endpoint as verbs give it. Plain data: stored and replayed as JSON. */
export interface Endpoint {
  readonly endpointId: number;
  readonly url: string;
  readonly filters: readonly string[];
  readonly style: string;
  readonly includeSubAccounts: boolean;
  readonly status: 'active' | 'disabled';
  /** Why it is disabled: `owner`, or `gone` when the receiver said so. */
  readonly disabledReason: string | null;
  readonly createdAt: string;
  readonly updatedAt: string;
}

export function endpointOf(row: EndpointRow): Endpoint {
  return {
    endpointId: row.id,
    url: row.url,
    filters: row.filters,
    style: row.style,
    includeSubAccounts: row.includeSubAccounts,
    status: row.status,
    disabledReason: row.disabledReason,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}

export function endpointNotFound(id: number): DomainError {
  return domainError('not_found', { kind: 'endpoint', id });
}

/** Raises wrong_state for an endpoint to which nothing is sent. */
export function requireActive(row: EndpointRow): void {
  if (row.status === 'active') return;
  throw domainError('wrong_state', {
    kind: 'endpoint',
    id: row.id,
    state: row.status,
    allowed: ['active'],
  });
}
