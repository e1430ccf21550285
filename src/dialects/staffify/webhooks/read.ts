import { invalid, objectBody } from '../../../http/body.js';
import type { Body } from '../../../http/body.js';
import { readAll } from '../../../http/faults.js';
import type { Asked } from '../../../http/wire.js';
import { idNamed } from '../ids.js';
import { requiredText } from '../parse.js';
import { addressEvents } from './style.js';

/** Raises not_found for what is no id. */
export function endpointNamed({ params }: Asked): { readonly endpointId: number } {
  return { endpointId: idNamed('endpoint', params['webhookId'] ?? '') };
}

/** A new endpoint; without events it hears of all. Raises invalid_input, missing_input. */
export function newEndpointOf(asked: Asked) {
  const body = objectBody(asked.body);
  return readAll({
    url: () => requiredText(body, 'url'),
    filters: () => filtersOf(body) ?? addressEvents,
  });
}

/** What is given of an endpoint. Raises invalid_input, missing_input. */
export function endpointChangesOf(asked: Asked) {
  const body = objectBody(asked.body);
  return readAll({
    url: () => (body['url'] === undefined ? undefined : requiredText(body, 'url')),
    filters: () => filtersOf(body),
  });
}

/** Names of events; `*` is every event of this wire, and no other. Raises invalid_input. */
function filtersOf({ events }: Body): readonly string[] | undefined {
  if (events === undefined) return undefined;
  const known = new Set<unknown>(['*', ...addressEvents]);
  if (!Array.isArray(events) || events.length === 0 || !events.every((event) => known.has(event))) {
    throw invalid('events', `must be an array of ${['*', ...addressEvents].join(', ')}`);
  }
  return events.includes('*') ? addressEvents : (events as string[]);
}
