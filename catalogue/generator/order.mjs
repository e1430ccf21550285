// @ts-check
/**
 * Plain code-unit order: the same on every machine, whatever its language.
 * @param {string} a
 * @param {string} b
 */
export function byCodeUnit(a, b) {
  return a < b ? -1 : a > b ? 1 : 0;
}
