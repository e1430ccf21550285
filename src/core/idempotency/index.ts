export { idempotencyOwner, idempotently, replay } from './idempotently.js';
export { pruneRecords } from './prune-records.js';
export { loadRecord } from './store.js';
export type { IdempotencyRecord, StoredOutcome, Subject } from './record.js';
