/** What no stored text may hold: control characters and halves of surrogate pairs, which no database row can keep. */
const unprintable = /[\p{Cc}\p{Cs}]/u;
/**
 * Format controls, those that turn the direction of text among them (U+202E), and line separators: with them a name
 * reads as another one. The two joiners stay, since Persian, Hindi and emoji are spelt with them.
 */
const misleading = /(?![\u200c\u200d])[\p{Cf}\p{Zl}\p{Zp}]/u;
const everyMisleading = new RegExp(misleading, 'gu');

/**
 * Why text cannot be kept as a name or another single line, as a clause behind its field; undefined when it can. It
 * needs 1 to `lengthMax` characters (code points), each of which can be shown.
 */
export function textFault(text: string, lengthMax: number): string | undefined {
  if (text === '' || Array.from(text).length > lengthMax || unprintable.test(text)) {
    return `must have 1 to ${lengthMax} printable characters`;
  }
  const found = misleading.exec(text)?.[0].codePointAt(0);
  if (found === undefined) return undefined;
  const spelt = `U+${found.toString(16).toUpperCase().padStart(4, '0')}`;
  return `must not contain ${spelt}: invisible characters that change direction or format are not allowed`;
}

/** A text that was kept before `textFault` looked at it, with an underscore for each character that misleads. */
export function withoutMisleading(text: string): string {
  return text.replace(everyMisleading, '_');
}
