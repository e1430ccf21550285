import { formatMinor } from '../../../lib/money.js';
import { e164Of } from '../../number-id.js';
import type { StatementLine, WholeStatement } from './statement.js';

/** Statements as documents, in pieces as their lines are read. */

const columns = [
  'date',
  'kind',
  'number',
  'description',
  'credit',
  'debit',
  'balance',
  'currency',
  'transfer_id',
];

/** What a spreadsheet would take for the beginning of a formula. */
const formulaStart = /^[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/;

/** A cell of text, quoted (RFC 4180); what would be a formula begins with an apostrophe. */
export function csvText(text: string): string {
  const safe = formulaStart.test(text) ? `'${text}` : text;
  return `"${safe.replaceAll('"', '""')}"`;
}

/** A statement as CSV: opening balance, lines, closing balance. Amounts are plain numbers in major units. */
export async function* statementCsv(statement: WholeStatement): AsyncGenerator<string> {
  const { currency, month, openingMinor, batches } = statement;
  const amount = (minor: number): string => formatMinor(minor, currency);
  const balance = (kind: string, at: Date, minor: number): string =>
    [at.toISOString(), kind, '', '', '', '', amount(minor), currency, ''].map(csvCell).join(',');
  yield `${columns.join(',')}\r\n${balance('opening_balance', month.from, openingMinor)}\r\n`;
  let closingMinor = openingMinor;
  for await (const lines of batches) {
    closingMinor = lines.at(-1)?.balanceMinor ?? closingMinor;
    yield lines
      .map((line) => {
        const paid = amount(line.amountMinor);
        const cells = [line.createdAt.toISOString(), line.kind, numberOf(line), line.reference ?? ''];
        const sides = line.direction === 'credit' ? [paid, ''] : ['', paid];
        const rest = [amount(line.balanceMinor), currency, String(line.id)];
        return `${[...cells, ...sides, ...rest].map(csvCell).join(',')}\r\n`;
      })
      .join('');
  }
  yield `${balance('closing_balance', month.until, closingMinor)}\r\n`;
}

/** Numbers stay bare, so that a negative balance is one to a spreadsheet; everything else is text. */
function csvCell(cell: string): string {
  return /^-?\d+(\.\d+)?$/.test(cell) || cell === '' ? cell : csvText(cell);
}

function numberOf({ numberId }: StatementLine): string {
  return numberId === null ? '' : e164Of(numberId);
}

/** The only style of the page; its hash belongs into the content security policy. */
export const statementStyle =
  'body{font:14px/1.5 system-ui,sans-serif;margin:2em auto;max-width:60em;color:#111}' +
  'table{border-collapse:collapse;width:100%}th,td{padding:.25em .5em;text-align:left;border-bottom:1px solid #ccc}' +
  'td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}tr{break-inside:avoid}' +
  'thead{display:table-header-group}@media print{body{margin:0;max-width:none}}';

const titles: Readonly<Record<StatementLine['kind'], string>> = {
  deposit: 'Deposit',
  withdrawal: 'Withdrawal',
  rental: 'Number rental',
  release_fee: 'Release fee',
  refund: 'Refund',
  adjustment: 'Adjustment',
};

/** Text as it stands, whatever a browser would make of it. */
export function htmlText(text: string): string {
  return text.replace(/[&<>"'`]/g, (char) => `&#${char.charCodeAt(0)};`);
}

/** A statement as a page to print: no script, no outside host. */
export async function* statementHtml(statement: WholeStatement): AsyncGenerator<string> {
  const { account, currency, month, openingMinor, batches } = statement;
  const amount = (minor: number): string => formatMinor(minor, currency);
  const title = htmlText(`Statement ${month.name}, ${currency}`);
  const balance = (name: string, minor: number): string =>
    `<tr><th colspan="5">${name}</th><th class="n">${amount(minor)}</th></tr>\n`;
  yield `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${title}</title><style>${statementStyle}</style></head><body>
<h1>${title}</h1>
<p>${htmlText(account.name)} (${htmlText(account.publicId)})</p>
<table><thead><tr><th>Date (UTC)</th><th>What</th><th>Description</th>
<th class="n">Credit</th><th class="n">Debit</th><th class="n">Balance</th></tr></thead><tbody>
${balance('Opening balance', openingMinor)}`;
  let closingMinor = openingMinor;
  for await (const lines of batches) {
    closingMinor = lines.at(-1)?.balanceMinor ?? closingMinor;
    yield lines.map((line) => htmlLine(line, amount)).join('');
  }
  yield `${balance('Closing balance', closingMinor)}</tbody></table></body></html>\n`;
}

function htmlLine(line: StatementLine, amount: (minor: number) => string): string {
  const paid = amount(line.amountMinor);
  const at = line.createdAt.toISOString().slice(0, 16).replace('T', ' ');
  const about = [numberOf(line), line.reference ?? ''].filter((part) => part !== '').join(' · ');
  const [credit, debit] = line.direction === 'credit' ? [paid, ''] : ['', paid];
  return (
    `<tr><td>${at}</td><td>${titles[line.kind]}</td><td>${htmlText(about)}</td><td class="n">${credit}</td>` +
    `<td class="n">${debit}</td><td class="n">${amount(line.balanceMinor)}</td></tr>\n`
  );
}
