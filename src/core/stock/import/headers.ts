import { domainError } from '../../errors.js';

/** The columns of an import; a file has `number` and any of the others. */
export const columns = [
  'number',
  'group',
  'type',
  'features',
  'currency',
  'setup',
  'recurring',
  'cycle',
] as const;
export type Column = (typeof columns)[number];

/** What the headers of a file mean: a column each, or `-` for one that is left out. */
export type HeaderMap = Readonly<Record<string, Column | '-'>>;

/** How carriers and spreadsheets call the columns, written as `plain` writes a header. */
const known: Readonly<Record<Column | '-', readonly string[]>> = {
  number: [
    'tn',
    'did',
    'ddi',
    'did number',
    'phone',
    'phone number',
    'phonenumber',
    'telephone number',
    'telephone',
    'msisdn',
    'e164',
    'full number',
  ],
  group: ['group id', 'number group'],
  type: ['number type', 'did type', 'tn type', 'phone number type'],
  features: ['feature', 'capabilities'],
  currency: ['currency code'],
  setup: ['setup fee', 'setup price', 'nrc', 'one time'],
  recurring: ['recurring price', 'mrc', 'monthly', 'monthly fee', 'monthly price', 'monthly rate', 'price'],
  cycle: ['billing cycle', 'interval'],
  '-': [
    ...['rate center', 'ratecenter', 'rate centre', 'city', 'location', 'state', 'province', 'region', 'zip'],
    ...['country', 'country code', 'iso', 'area code', 'npa', 'nxx', 'lata', 'ocn', 'tier', 'status', 'carrier'],
    ...['provider', 'line', 'reason'],
  ],
};

/** `Phone_Number` and `phone number` are the same header. */
function plain(header: string): string {
  return header
    .toLowerCase()
    .replace(/[\s_.-]+/g, ' ')
    .trim();
}

/**
 * The column that a header means, by the caller's own map or by what carriers call it.
 *
 * Undefined for a header that nobody knows.
 */
export function columnOf(header: string, own: HeaderMap): Column | '-' | undefined {
  const wanted = plain(header);
  const mapped = Object.entries(own).find(([name]) => plain(name) === wanted);
  if (mapped) return mapped[1];
  const column = columns.find((name) => name === wanted);
  if (column) return column;
  const entry = Object.entries(known).find(([, names]) => names.includes(wanted));
  return entry?.[0] as Column | '-' | undefined;
}

/** Reads a map out of `Header=column` texts; `Header=-` leaves a column out. Raises invalid_input (map). */
export function readHeaderMap(entries: readonly string[]): HeaderMap {
  return Object.fromEntries(
    entries.map((entry) => {
      const split = entry.lastIndexOf('=');
      const header = entry.slice(0, split);
      const column = [...columns, '-' as const].find((name) => name === entry.slice(split + 1).trim());
      if (split < 1 || column === undefined) {
        const reason = `"${entry}" must be Header=column, the column one of ${columns.join(', ')} or - to leave it out`;
        throw domainError('invalid_input', { field: 'map', reason });
      }
      return [header, column];
    }),
  );
}

/** Types as carriers write them. */
const typeNames: Readonly<Record<string, string>> = {
  'toll free': 'tollfree',
  freephone: 'tollfree',
  geographic: 'local',
  geo: 'local',
  landline: 'local',
  cell: 'mobile',
  'shared cost': 'sharedcost',
  international: 'global',
};

/** A type in our word where it is a known other one. */
export function typeNamed(text: string): string {
  return typeNames[plain(text)] ?? text;
}
