export { asOneWrite } from './as-one-write.js';
export type { Plain } from './as-one-write.js';
export { idempotencyOwner, idempotently, replay } from './idempotently.js';
export { pruneRecords } from './prune-records.js';
export { loadRecord } from './store.js';
export { severalSubjects } from './record.js';
export type { IdempotencyRecord, StoredOutcome, Subject } from './record.js';
