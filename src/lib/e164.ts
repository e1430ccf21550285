/**
 * E.164 numbers (ITU-T E.164): a plus sign, then 1 to 15 digits that do not begin with zero. Inside, a number is its
 * digits as an integer; that always fits a safe integer and orders like the numbers of one length do.
 */

const e164Pattern = /^\+[1-9]\d{6,14}$/;

/** Reads `+12135551234` strictly; undefined for anything else. */
export function parseE164(text: string): number | undefined {
  return e164Pattern.test(text) ? Number(text.slice(1)) : undefined;
}

/** Reads a number with or without its plus sign; undefined for anything else. */
export function parseE164Lenient(text: string): number | undefined {
  return parseE164(text.startsWith('+') ? text : `+${text}`);
}

export function formatE164(digits: number): string {
  return `+${digits}`;
}

const phonewordKeys: Record<string, string> = {
  ABC: '2',
  DEF: '3',
  GHI: '4',
  JKL: '5',
  MNO: '6',
  PQRS: '7',
  TUV: '8',
  WXYZ: '9',
};
const digitByLetter = new Map(
  Object.entries(phonewordKeys).flatMap(([letters, digit]) =>
    Array.from(letters, (l) => [l, digit] as const),
  ),
);

/** Letters to the digits of a telephone keypad (ITU-T E.161): `1800FLOWERS` becomes `18003569377`. */
export function phonewordToDigits(text: string): string {
  return Array.from(text.toUpperCase(), (char) => digitByLetter.get(char) ?? char).join('');
}
