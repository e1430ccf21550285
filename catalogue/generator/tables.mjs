// @ts-check
/** Tab-separated text with one header line, as PostgreSQL's COPY reads it. `\N` stands for null. */

/** @typedef {string | number | boolean | null} Cell */
/** @typedef {Record<string, string | null>} Row */

/** @param {Cell} cell */
function writeCell(cell) {
  if (cell === null) return '\\N';
  if (typeof cell === 'boolean') return cell ? 't' : 'f';
  const text = String(cell);
  if (/[\t\n\r\\]/.test(text)) throw new Error(`value cannot stand in a table: ${JSON.stringify(text)}`);
  return text;
}

/**
 * @param {string[]} columns
 * @param {Cell[][]} rows
 * @returns {string}
 */
export function writeTable(columns, rows) {
  return [columns, ...rows].map((row) => `${row.map(writeCell).join('\t')}\n`).join('');
}

/**
 * @param {string} text
 * @returns {Row[]}
 */
export function readTable(text) {
  const [header = '', ...lines] = text.split('\n');
  const columns = header.split('\t');
  return lines
    .filter((line) => line !== '')
    .map((line) => {
      const cells = line.split('\t');
      return Object.fromEntries(
        columns.map((column, index) => [column, cells[index] === '\\N' ? null : (cells[index] ?? null)]),
      );
    });
}
