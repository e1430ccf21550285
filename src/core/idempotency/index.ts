export { idempotencyOwner, idempotently, replay } from './idempotently.js';
export type { IdempotencyRecord, StoredOutcome, Subject } from './idempotently.js';
