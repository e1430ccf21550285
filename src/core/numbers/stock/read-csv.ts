import type { Readable } from 'node:stream';
import { CsvError } from 'csv-parse';
import { parse } from 'csv-parse/sync';
import { domainError } from '../../errors.js';
import { batchLines } from './raw-line.js';
import type { RawLine } from './raw-line.js';

const columns = ['number', 'group', 'type', 'features', 'currency', 'setup', 'recurring', 'cycle'] as const;
type Column = (typeof columns)[number];

/** Longest line that is read; a longer one shows that the file is something else. */
const lineCharactersMax = 4096;

interface TextLine {
  readonly line: number;
  readonly text: string;
}

/**
 * Reads CSV as it streams in. The first line names the columns, `number` and any of the others in any order; a comma, a
 * semicolon or a tab separates them. A line is a record, whatever its quotes say: no cell of stock has a line break, and
 * so a quote that was never closed spoils its own line only, which is handed on with its defect.
 *
 * Raises invalid_input (file) when the columns are not what is expected or a line is far too long.
 */
export async function* readCsv(source: Readable): AsyncGenerator<RawLine[]> {
  let positions: ReadonlyMap<Column, number> | undefined;
  for await (const lines of readLines(source)) {
    const batch: RawLine[] = [];
    parseLines(lines).forEach((cells, index) => {
      const line = lines[index]?.line ?? 0;
      if (!positions) positions = readHeader(cells);
      else batch.push(rawLineOf(cells, line, positions));
    });
    yield batch;
  }
  if (!positions) throw refusal('is empty');
}

function refusal(reason: string) {
  return domainError('invalid_input', { field: 'file', reason });
}

/** Lines with something on them, batch by batch, with their numbers in the file. */
async function* readLines(source: Readable): AsyncGenerator<TextLine[]> {
  const decoder = new TextDecoder('utf-8');
  let line = 0;
  let batch: TextLine[] = [];
  const take = (text: string): void => {
    line += 1;
    if (text.length > lineCharactersMax) {
      throw refusal(`line ${line} is longer than ${lineCharactersMax} characters`);
    }
    if (text.trim() !== '') batch.push({ line, text: text.endsWith('\r') ? text.slice(0, -1) : text });
  };
  let rest = '';
  for await (const chunk of source as AsyncIterable<string | Buffer>) {
    const texts = (
      rest + (typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true }))
    ).split('\n');
    rest = texts.pop() ?? '';
    if (rest.length > lineCharactersMax) take(rest);
    for (const text of texts) {
      take(text);
      if (batch.length < batchLines) continue;
      yield batch;
      batch = [];
    }
  }
  if (rest !== '') take(rest);
  if (batch.length > 0) yield batch;
}

type Cells = readonly string[] | CsvError;

/** The cells of each line. All are parsed in one go; only when that goes wrong is each looked at alone. */
function parseLines(lines: readonly TextLine[]): Cells[] {
  const together = parseText(lines.map(({ text }) => text).join('\n'));
  if (!(together instanceof CsvError) && together.length === lines.length) return together;
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

function readHeader(cells: Cells): ReadonlyMap<Column, number> {
  if (cells instanceof CsvError) throw refusal(cells.message);
  const positions = new Map<Column, number>();
  cells.forEach((cell, index) => {
    const name = cell.toLowerCase();
    const column = columns.find((candidate) => candidate === name);
    if (column === undefined || positions.has(column)) {
      const known = columns.join(', ');
      throw refusal(
        `the first line must name the columns, out of ${known}, once each; it has "${cell.slice(0, 40)}"`,
      );
    }
    positions.set(column, index);
  });
  if (!positions.has('number')) throw refusal('has no column "number"');
  return positions;
}

function rawLineOf(cells: Cells, line: number, positions: ReadonlyMap<Column, number>): RawLine {
  const cell = (column: Column): string => {
    const position = positions.get(column);
    return position === undefined || cells instanceof CsvError ? '' : (cells[position] ?? '');
  };
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
  // The parser's own words end in "at line 1", which is the position in a batch.
  if (cells instanceof CsvError) return { ...read, defect: `cannot be read: ${cells.code}` };
  if (cells.length > positions.size) return { ...read, defect: 'has more cells than there are columns' };
  return read;
}
