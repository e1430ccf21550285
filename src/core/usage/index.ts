export { callIdLengthMax, callLineOf, formatLeg } from './call-record.js';
export type { CallDirection, CallLine, CallRecord, SwitchFacts } from './call-record.js';
export { importCalls } from './import-calls.js';
export type { CallImport } from './import-calls.js';
export { lastCallAt } from './last-call.js';
export {
  callExportMax,
  callPageMax,
  callsCountedMax,
  eachCall,
  getCall,
  listCalls,
  listCallsAfter,
  summarizeCalls,
} from './list-calls.js';
export type { CallScope, CallSummary } from './list-calls.js';
export type { CallFilters, CallPosition, CallRow } from './listing-store.js';
export { healthDaysMax, numberHealth } from './number-health.js';
export type { HealthFigures, HealthSnapshot, NumberHealth } from './number-health.js';
export type { CallFileFormat } from './read-calls.js';
export { recordCalls, recordedCallsMax } from './record-calls.js';
export type { CallOutcome } from './record-calls.js';
