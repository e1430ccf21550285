export { createEndpoint } from './create-endpoint.js';
export type { CreatedEndpoint } from './create-endpoint.js';
export { deleteEndpoint } from './delete-endpoint.js';
export type { Delivery } from './delivery.js';
export type { DeliveryState } from './delivery-store.js';
export {
  bodyBytesMax,
  leaseSeconds,
  sendingMax,
  sendingPerEndpointMax,
  sendingPerFamilyMax,
  WebhookDispatcher,
} from './dispatcher.js';
export type { DispatcherOptions } from './dispatcher.js';
export {
  endpointsPerAccountMax,
  filterLengthMax,
  filtersPerEndpointMax,
  urlLengthMax,
} from './endpoint-input.js';
export type { Endpoint } from './endpoint.js';
export { fanOutBatchMax, fanOutEvents } from './fan-out-events.js';
export { forgetExpiredSecrets } from './forget-secrets.js';
export { getEndpoint, listEndpoints } from './get-endpoint.js';
export { listDeliveries } from './list-deliveries.js';
export { listEvents } from './list-events.js';
export type { Post, PostOutcome } from './post.js';
export { deliveriesKeptDays, pruneDeliveries } from './prune-deliveries.js';
export { replayBatchMax, replayDead, replayDelivery } from './replay-delivery.js';
export { attemptsMax, retryAfterSecondsMax } from './retry.js';
export { overlapSecondsMax, rotateSecret } from './rotate-secret.js';
export type { RotatedSecret } from './rotate-secret.js';
export { sendTestEvent, testEventType } from './send-test-event.js';
export type { WebhookEvent, WebhookStyle, WebhookStyles, WebhookTarget } from './style.js';
export { updateEndpoint } from './update-endpoint.js';
