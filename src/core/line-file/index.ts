export { csvRows } from './csv-rows.js';
export type { CsvRow } from './csv-rows.js';
export { batchLines, lineCharactersMax, readLines } from './read-lines.js';
export type { TextLine } from './read-lines.js';
export { RejectFile, rejectSamplesMax } from './reject-file.js';
export type { RejectedLine } from './reject-file.js';
