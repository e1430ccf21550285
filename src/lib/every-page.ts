import { AssertionError } from './assert.js';

/** Pages read for one answer at most: past that something is wrong with the list, not with its length. */
const pagesMax = 10_000;

/** All rows of a list that is read in pages of `size` after an id; a page that is not full is the last. */
export async function everyPage<T extends { readonly id: number }>(
  size: number,
  load: (afterId: number) => Promise<readonly T[]>,
): Promise<T[]> {
  const rows: T[] = [];
  for (let page = 0; page < pagesMax; page++) {
    const found = await load(rows.at(-1)?.id ?? 0);
    rows.push(...found);
    if (found.length < size) return rows;
  }
  throw new AssertionError(`a list has more than ${pagesMax} pages of ${size}`);
}
