import type { Readable } from 'node:stream';
import { domainError } from '../../errors.js';
import { csvRows, lineCharactersMax, readLines } from '../../line-file/index.js';
import type { CsvRow, TextLine } from '../../line-file/index.js';
import type { RawLine } from './raw-line.js';

const columns = ['number', 'group', 'type', 'features', 'currency', 'setup', 'recurring', 'cycle'] as const;
type Column = (typeof columns)[number];

/**
 * Reads stock as it streams in: CSV with the column `number` and any of the others.
 *
 * Raises invalid_input (file) when the columns are not what is expected or a line is far too long.
 */
export async function* readCsv(source: Readable): AsyncGenerator<RawLine[]> {
  const rows = csvRows(shortLines(source), { known: columns, required: ['number'] });
  for await (const batch of rows) yield batch.map(rawLineOf);
}

/** An import of stock is all or nothing, and a line as long as that shows that the file is something else. */
async function* shortLines(source: Readable): AsyncGenerator<TextLine[]> {
  for await (const lines of readLines(source)) {
    const long = lines.find(({ tooLong }) => tooLong);
    if (long) {
      const reason = `line ${long.line} is longer than ${lineCharactersMax} characters`;
      throw domainError('invalid_input', { field: 'file', reason });
    }
    yield lines;
  }
}

function rawLineOf({ line, cell, defect }: CsvRow<Column>): RawLine {
  const read = {
    line,
    number: cell('number'),
    group: cell('group'),
    type: cell('type'),
    features: cell('features'),
    currency: cell('currency'),
    setup: cell('setup'),
    recurring: cell('recurring'),
    cycle: cell('cycle'),
  };
  return defect === undefined ? read : { ...read, defect };
}
