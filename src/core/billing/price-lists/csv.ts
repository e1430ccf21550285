import { Readable } from 'node:stream';
import { formatMinor, isCurrency, parseMajor } from '../../../lib/money.js';
import type { Context } from '../../context.js';
import { domainError } from '../../errors.js';
import { csvRows, readLines } from '../../line-file/index.js';
import type { CsvRow } from '../../line-file/index.js';
import { placeOf } from './plan.js';
import type { WantedRule } from './plan.js';
import { priceRulesMax } from './price-list.js';
import { readPlaces, readRule } from './read-rule.js';
import type { Fault, Places } from './read-rule.js';
import { beginning } from './rule.js';
import type { ListedRule } from './rule.js';

/** Amounts are in major units, as people write them; an empty cell matches everything, or holds from now on. */
export const ruleColumnsCsv = [
  'currency',
  'country',
  'type',
  'group',
  'prefix',
  'setup',
  'recurring',
  'cycle',
  'valid_from',
] as const;
type Column = (typeof ruleColumnsCsv)[number];

/** Faults of lines that one refusal names. */
const faultsToldMax = 20;
const instant = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d))?$/;

/** Rules as CSV with a line of column names. */
export function rulesAsCsv(rules: readonly ListedRule[]): string {
  const lines = rules.map(({ currency, country, type, group, prefix, validFrom, ...price }) =>
    [
      currency,
      country ?? '',
      type ?? '',
      group ?? '',
      prefix ?? '',
      formatMinor(price.setupMinor, currency),
      formatMinor(price.recurringMinor, currency),
      price.cycle,
      validFrom > beginning ? validFrom.toISOString() : '',
    ].join(','),
  );
  return [ruleColumnsCsv.join(','), ...lines, ''].join('\n');
}

/** The rules of a CSV. Raises invalid_input, which names the lines at fault; nothing of such a file is taken. */
export async function rulesOfCsv(ctx: Context, csv: string | Readable): Promise<WantedRule[]> {
  const rows = await rowsOf(csv);
  const names = rows.map(({ cell }) => cell('group')).filter((name) => name !== '');
  const places = await readPlaces(ctx, [...new Set(names)]);
  const at = ctx.clock.now();
  const lineOf = new Map<string, number>();
  const wanted: WantedRule[] = [];
  const faults: Fault[] = [];
  for (const row of rows) {
    const rule = readRow(places, row);
    const field = `line ${row.line}`;
    if ('reason' in rule) {
      faults.push({ field, reason: rule.reason });
      continue;
    }
    const place = placeOf(rule, rule.validFrom, at);
    const before = lineOf.get(place);
    if (before === undefined) wanted.push(rule);
    else faults.push({ field, reason: `is for the same as line ${before}` });
    lineOf.set(place, before ?? row.line);
  }
  const [first, ...others] = faults.slice(0, faultsToldMax);
  if (first) throw domainError('invalid_input', { ...first, ...(others.length > 0 ? { others } : {}) });
  return wanted;
}

/** Raises invalid_input (file, csv). */
async function rowsOf(csv: string | Readable): Promise<CsvRow<Column>[]> {
  const source = typeof csv === 'string' ? Readable.from([csv]) : csv;
  const columns = { known: ruleColumnsCsv, required: ['currency', 'recurring', 'cycle'] as const };
  const rows: CsvRow<Column>[] = [];
  for await (const batch of csvRows<Column>(readLines(source), columns)) {
    rows.push(...batch);
    if (rows.length > priceRulesMax) {
      throw domainError('invalid_input', { field: 'csv', reason: `has more than ${priceRulesMax} rules` });
    }
  }
  return rows;
}

function readRow(places: Places, { cell, defect }: CsvRow<Column>): WantedRule | Fault {
  if (defect !== undefined) return { field: 'line', reason: defect };
  const currency = cell('currency').toUpperCase();
  if (!isCurrency(currency)) return { field: 'currency', reason: `has the unknown currency "${currency}"` };
  const setupMinor = cell('setup') === '' ? 0 : parseMajor(cell('setup'), currency);
  const recurringMinor = parseMajor(cell('recurring'), currency);
  if (setupMinor === undefined || recurringMinor === undefined) {
    return { field: 'recurring', reason: `has an amount that is none of ${currency}, such as 1.50` };
  }
  const since = cell('valid_from');
  const validFrom = since === '' ? null : instant.test(since) ? new Date(since) : undefined;
  if (validFrom === undefined || Number.isNaN(validFrom?.getTime())) {
    return {
      field: 'valid_from',
      reason: `has the valid_from "${since}", which is no instant such as 2026-03-04`,
    };
  }
  const [country, type, group, prefix] = [cell('country'), cell('type'), cell('group'), cell('prefix')];
  const cycle = cell('cycle');
  const input = { currency, country, type, group, prefix, setupMinor, recurringMinor, cycle, validFrom };
  return readRule(places, input);
}
