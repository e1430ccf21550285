/** What no stored text may hold: control characters and halves of surrogate pairs, which no database row can keep. */
const unprintable = /[\p{Cc}\p{Cs}]/u;

/** True for text of 1 to `lengthMax` characters (code points), each of which can be shown and stored. */
export function isPrintable(text: string, lengthMax: number): boolean {
  return text !== '' && Array.from(text).length <= lengthMax && !unprintable.test(text);
}
