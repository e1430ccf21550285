import type { Readable } from 'node:stream';
import { csvRows, lineCharactersMax, readLines } from '../line-file/index.js';
import type { CsvRow, TextLine } from '../line-file/index.js';
import { callColumns, callLineOf, requiredCallColumns } from './call-record.js';
import type { CallColumn, CallLine } from './call-record.js';

export type CallFileFormat = 'csv' | 'jsonl';

export interface NumberedCall {
  readonly line: number;
  readonly call: CallLine;
}

/**
 * Reads calls as they stream in: CSV whose first line names the columns, or a JSON object per line. Without a format, a
 * file that begins with a brace is JSON.
 * Raises invalid_input (file) when the columns are not what is expected.
 */
export async function* readCalls(
  source: Readable,
  format: CallFileFormat | undefined,
): AsyncGenerator<NumberedCall[]> {
  const batches = readLines(source);
  const first = await batches.next();
  const beginning = first.done ? '' : (first.value[0]?.text ?? '');
  const all = again(first, batches);
  if ((format ?? (/^\ufeff?\s*\{/.test(beginning) ? 'jsonl' : 'csv')) === 'jsonl') {
    for await (const lines of all) yield lines.map(callOfJson);
  } else {
    for await (const rows of csvRows(all, { known: callColumns, required: requiredCallColumns })) {
      yield rows.map(callOfRow);
    }
  }
}

async function* again<T>(first: IteratorResult<T>, rest: AsyncIterable<T>): AsyncGenerator<T> {
  if (first.done) return;
  yield first.value;
  yield* rest;
}

function callOfJson({ line, text, tooLong }: TextLine): NumberedCall {
  if (tooLong) return { line, call: { defect: `is longer than ${lineCharactersMax} characters` } };
  try {
    return { line, call: callLineOf(JSON.parse(text.replace(/^\ufeff/, ''))) };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return { line, call: { defect: 'is not JSON' } };
  }
}

function callOfRow({ line, cell, defect }: CsvRow<CallColumn>): NumberedCall {
  const call = callLineOf(Object.fromEntries(callColumns.map((column) => [column, cell(column)])));
  return { line, call: defect === undefined ? call : { ...call, defect } };
}
