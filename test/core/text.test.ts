import { describe, expect, it } from 'vitest';
import { textFault, withoutMisleading } from '../../src/lib/text.js';

const spelt = (code: number): string => `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;

/** Marks, embeddings, overrides and isolates of the bidirectional algorithm (UAX 9), and other format controls. */
const misleading = [
  ...[0x061c, 0x200e, 0x200f, 0x202a, 0x202b, 0x202c, 0x202d, 0x202e, 0x2066, 0x2067, 0x2068, 0x2069],
  ...[0x00ad, 0x200b, 0x2028, 0x2029, 0x2060, 0xfeff, 0xe0001],
];

describe('a name', () => {
  it.each(misleading.map((code) => [spelt(code), code] as const))(
    'cannot hold %s, and is told so',
    (name, code) => {
      const reason = textFault(`passport${String.fromCodePoint(code)}gpj.exe`, 100);
      expect(reason).toContain(`must not contain ${name}`);
    },
  );

  it('cannot hold control characters, halves of surrogate pairs or nothing, nor be too long', () => {
    for (const text of ['', 'a\u0000', 'a\r\nb', 'a\u0085', '\ud800', 'x'.repeat(101)]) {
      expect(textFault(text, 100)).toBe('must have 1 to 100 printable characters');
    }
  });

  it('may be in any script, with the joiners that some need, and hold emoji', () => {
    for (const text of [
      'Ausweis Müller',
      'تصویر کارت',
      'می\u200cخواهم',
      'क्\u200dष',
      '👩\u200d🚀',
      'תעודה 1',
    ]) {
      expect(textFault(text, 100)).toBeUndefined();
      expect(withoutMisleading(text)).toBe(text);
    }
  });

  it('from before that rule is shown with an underscore for each such character', () => {
    expect(withoutMisleading('a\u202egpj\u2066.exe\u202c')).toBe('a_gpj_.exe_');
  });
});
