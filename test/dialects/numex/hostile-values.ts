import fc from 'fast-check';

/** Values that no client means: what a route has to refuse, or to take for the plain text that it is. */

/** Ids that are none, or nobody's; the largest that can be written among them. */
const ids = [
  'ren_',
  'ren_0',
  'ren_1',
  'ren_zzzzzzzzzzz',
  'ren_2gosa7pa2gv',
  'ren_2gosa7pa2gw',
  'num_0',
  'num_1',
];
const numbers = [
  '+999999999999999',
  '+1',
  '0',
  '00',
  '999999999999999',
  '1e15',
  '+12135550000000000',
  'num_zzz',
];
const times = [
  '0000-01-01T00:00:00Z',
  '0001-01-01T00:00:00Z',
  '1582-10-10T00:00:00Z',
  '2016-12-31T23:59:60Z',
  '2026-02-30T00:00:00Z',
  '2026-03-04T24:00:00Z',
  '2026-03-04T09:30:00+23:59',
  '2026-03-04T09:30:00.123456789123456789Z',
  '9999-12-31T23:59:59.999Z',
  '9999-12-31T23:59:59-23:59',
  '+275760-09-13T00:00:00Z',
  '2026-03-04',
];
const cursors = ['~', '1~abcdefgh', '-1~aaaaaaaa', 'zzzzzzzzzzz~________', '1.2.3.4.5~abcdefgh'];
const texts = [
  '',
  ' ',
  '\u0000',
  'a\u0000b',
  '\r\n',
  '\u202e\u0007',
  '😀'.repeat(200),
  'x'.repeat(3_000),
  "'; drop table account; --",
  "1' or '1'='1",
  '../../../etc/passwd',
  '%00',
  '{}',
  '[]',
  'null',
  'true',
  'NaN',
  '-1',
  '1.5',
  '1e400',
  '9223372036854775808',
  '__proto__',
  'constructor',
  ...ids,
  ...numbers,
  ...times,
  ...cursors,
];

/** One odd text, as it may stand in a path or a query. */
export const oddText: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...texts) },
  { weight: 1, arbitrary: fc.string({ maxLength: 60, unit: 'grapheme' }) },
);

/** Times that a schema lets pass, and no calendar of ours may have. */
export const oddTime: fc.Arbitrary<string> = fc.constantFrom(...times);

function nested(depth: number, wrap: (inner: unknown) => unknown): unknown {
  let value: unknown = 1;
  for (let level = 0; level < depth; level++) value = wrap(value);
  return value;
}

const oddObjects: readonly unknown[] = [
  null,
  true,
  false,
  0,
  -1,
  1.5,
  1e300,
  -1e300,
  Number.MAX_SAFE_INTEGER,
  2 ** 53 + 2,
  2 ** 31,
  [],
  [null],
  {},
  { length: -1 },
  { toString: 'x', valueOf: 1 },
  { $gt: '' },
  { a: { b: { c: [] } } },
  nested(1_000, (inner) => [inner]),
  nested(1_000, (inner) => ({ inner })),
  '\ud800',
  'x'.repeat(100_000),
];

/** One odd value of any JSON type. */
export const oddValue: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...oddObjects) },
  { weight: 3, arbitrary: oddText },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 4 }) },
);

/** Bodies that are no JSON, or not what JSON is for. */
export const oddBody: fc.Arbitrary<string> = fc.constantFrom(
  '',
  '{',
  '"',
  '\u0000',
  '\ufeff{}',
  'null',
  'true',
  '0',
  '"text"',
  '[]',
  '[{}]',
  '{"a":}',
  '{"a":1}{"b":2}',
  '{"__proto__":{"admin":true}}',
  '{"constructor":{"prototype":{"name":"x"}}}',
  '{"name":"\\u0000"}',
  '{"name":1e999}',
  '['.repeat(20_000) + ']'.repeat(20_000),
  `{"name":"x","name":["y"]}`,
);

/** What may stand in a header: printable, and not always sensible. */
export const oddHeader: fc.Arbitrary<string> = fc.constantFrom(
  '',
  ' ',
  '0',
  "'",
  '%00',
  'x'.repeat(300),
  'MA_',
  '{}',
);
