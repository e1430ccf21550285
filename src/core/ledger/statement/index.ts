export { monthOf, readMonth } from './month.js';
export type { Month } from './month.js';
export { pageOfStatement, wholeStatement } from './statement.js';
export type { StatementInput, StatementLine, StatementPage, WholeStatement } from './statement.js';
export { csvText, htmlText, statementCsv, statementHtml, statementStyle } from './statement-text.js';
