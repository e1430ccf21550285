import type { Endpoint } from '../../../core/webhooks/index.js';
import { addressEvents } from './style.js';

/** Contract 5.6; the secret is shown by the request that makes it. */
export function renderEndpoint(endpoint: Endpoint & { readonly secret?: string | null | undefined }) {
  return {
    id: endpoint.endpointId,
    url: endpoint.url,
    events: endpoint.filters.length === addressEvents.length ? ['*'] : endpoint.filters,
    ...(endpoint.secret === undefined ? {} : { secret: endpoint.secret }),
    created_at: endpoint.createdAt,
  };
}
