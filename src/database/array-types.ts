import { assert } from '../lib/assert.js';

/**
 * The array types that our statements send and read, declared to the driver. Left to itself it asks every new connection
 * for them, and a connection that is lost just then leaves its whole pool without: every statement with a list fails
 * from there on, and the lost question, which nobody awaits, ends the process.
 */

/** An element as text, before it is quoted. */
type Write = (value: unknown) => string;
type Read = (text: string) => unknown;

interface ArrayType {
  readonly to: number;
  readonly from: number[];
  readonly serialize: (values: unknown) => string;
  readonly parse: (text: string) => unknown[];
}

/** PostgreSQL's own numbers of the types (`typarray` of `pg_type`), which never change. */
const arrayOids = {
  char: 1002,
  name: 1003,
  bool: 1000,
  float8: 1022,
  bytea: 1001,
  int2: 1005,
  int4: 1007,
  text: 1009,
  int8: 1016,
  timestamptz: 1185,
  jsonb: 3807,
};

const writeText: Write = (value) => (value instanceof Date ? value.toISOString() : String(value));
const readNumber: Read = (text) => {
  const value = Number(text);
  assert(Number.isSafeInteger(value), `int8 ${text} is not a safe integer`);
  return value;
};

/** Element types by the name that our statements cast a list to. */
const elements: Readonly<Record<keyof typeof arrayOids, { readonly write: Write; readonly read: Read }>> = {
  bool: { write: writeText, read: (text) => text === 't' },
  float8: { write: writeText, read: Number },
  bytea: {
    write: (value) => `\\x${Buffer.from(value as Uint8Array).toString('hex')}`,
    read: (text) => Buffer.from(text.slice(2), 'hex'),
  },
  int2: { write: writeText, read: readNumber },
  int4: { write: writeText, read: readNumber },
  int8: { write: writeText, read: readNumber },
  char: { write: writeText, read: (text) => text },
  name: { write: writeText, read: (text) => text },
  text: { write: writeText, read: (text) => text },
  timestamptz: { write: writeText, read: (text) => new Date(text) },
  jsonb: { write: (value) => JSON.stringify(value), read: (text) => JSON.parse(text) as unknown },
};

/** For the driver's option `types`. */
export const arrayTypes: Readonly<Record<string, ArrayType>> = Object.fromEntries(
  Object.entries(elements).map(([name, { write, read }]) => {
    const oid = arrayOids[name as keyof typeof arrayOids];
    const serialize = (values: unknown) => (Array.isArray(values) ? spell(values, write) : String(values));
    return [`${name}_array`, { to: oid, from: [oid], serialize, parse: (text: string) => parse(text, read) }];
  }),
);

const needsEscape = /[\\"]/;

/** `{"a","with \"quotes\"",NULL}`: everything is quoted, so that no element can be taken for something else. */
function spell(values: readonly unknown[], write: Write): string {
  const spelled = values.map((value) => {
    assert(value !== undefined, 'a list in a statement has no undefined element');
    if (value === null) return 'NULL';
    if (typeof value === 'number') return write(value);
    const text = write(value);
    return `"${needsEscape.test(text) ? text.replace(/[\\"]/g, '\\$&') : text}"`;
  });
  return `{${spelled.join(',')}}`;
}

/** An element is quoted with escapes, or bare; only a bare NULL is null. Lists of lists are not among our columns. */
const element = /"((?:[^"\\]|\\.)*)"|([^,{}"]+)/gs;

function parse(text: string, read: Read): unknown[] {
  return [...text.matchAll(element)].map(([, quoted, bare = '']) => {
    if (quoted !== undefined) return read(quoted.replace(/\\(.)/gs, '$1'));
    return bare === 'NULL' ? null : read(bare);
  });
}
