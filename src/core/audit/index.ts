export { recordChange, recordChanges } from './record-change.js';
export type { Change } from './record-change.js';
