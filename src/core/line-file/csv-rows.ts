import { CsvError } from 'csv-parse';
import { parse } from 'csv-parse/sync';
import { domainError } from '../errors.js';
import { lineCharactersMax } from './read-lines.js';
import type { TextLine } from './read-lines.js';

/** A line by the names of its columns; a column that the file lacks is an empty cell. */
export interface CsvRow<C extends string> {
  readonly line: number;
  readonly cell: (column: C) => string;
  /** What is wrong with the line itself, when it could not be read. */
  readonly defect?: string;
}

/**
 * Reads batches of lines as CSV, separated by comma, semicolon or tab; the first line names the columns in any order. A
 * line is one record, so that a quote that is never closed spoils its own line only, which is given with its defect.
 * Raises invalid_input (file) when the columns are not what is expected.
 */
export async function* csvRows<C extends string>(
  batches: AsyncIterable<readonly TextLine[]>,
  columns: { readonly known: readonly C[]; readonly required: readonly C[] },
): AsyncGenerator<CsvRow<C>[]> {
  let positions: ReadonlyMap<C, number> | undefined;
  for await (const lines of batches) {
    const rows: CsvRow<C>[] = [];
    const cells = parseLines(lines);
    for (const [index, line] of lines.entries()) {
      if (positions) rows.push(rowOf(line, cells[index] ?? [], positions));
      else positions = readHeader(cells[index] ?? [], columns);
    }
    yield rows;
  }
  if (!positions) throw refusal('is empty');
}

function refusal(reason: string) {
  return domainError('invalid_input', { field: 'file', reason });
}

type Cells = readonly string[] | CsvError;

/** The cells of each line. All are parsed in one go; only when that goes wrong is each looked at alone. */
function parseLines(lines: readonly TextLine[]): Cells[] {
  if (!lines.some(({ tooLong }) => tooLong)) {
    const together = parseText(lines.map(({ text }) => text).join('\n'));
    if (!(together instanceof CsvError) && together.length === lines.length) return together;
  }
  return lines.map(({ text }) => {
    const alone = parseText(text);
    return alone instanceof CsvError ? alone : (alone[0] ?? []);
  });
}

function parseText(text: string): string[][] | CsvError {
  try {
    return parse(text, { bom: true, trim: true, delimiter: [',', ';', '\t'], relax_column_count: true });
  } catch (error) {
    if (error instanceof CsvError) return error;
    throw error;
  }
}

function readHeader<C extends string>(
  cells: Cells,
  { known, required }: { readonly known: readonly C[]; readonly required: readonly C[] },
): ReadonlyMap<C, number> {
  if (cells instanceof CsvError) throw refusal(cells.message);
  const positions = new Map<C, number>();
  cells.forEach((cell, index) => {
    const name = cell.toLowerCase();
    const column = known.find((candidate) => candidate === name);
    if (column === undefined || positions.has(column)) {
      throw refusal(
        `the first line must name the columns, out of ${known.join(', ')}, once each; it has "${cell.slice(0, 40)}"`,
      );
    }
    positions.set(column, index);
  });
  for (const column of required) if (!positions.has(column)) throw refusal(`has no column "${column}"`);
  return positions;
}

function rowOf<C extends string>(
  { line, tooLong }: TextLine,
  cells: Cells,
  positions: ReadonlyMap<C, number>,
): CsvRow<C> {
  const cell = (column: C): string => {
    const position = positions.get(column);
    return position === undefined || cells instanceof CsvError ? '' : (cells[position] ?? '');
  };
  if (tooLong) return { line, cell, defect: `is longer than ${lineCharactersMax} characters` };
  // The parser's own words end in "at line 1", which is the position in a batch.
  if (cells instanceof CsvError) return { line, cell, defect: `cannot be read: ${cells.code}` };
  if (cells.length > positions.size) return { line, cell, defect: 'has more cells than there are columns' };
  return { line, cell };
}
