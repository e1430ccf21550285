// @ts-check
import { byCodeUnit } from './order.mjs';

/**
 * @typedef {{ current: Map<string, number>, retired: Map<string, number> }} KnownIds ids by natural key, from the last run
 */

/**
 * Gives each natural key its id for life. An id that was once given out never passes to another key: vanished keys stay
 * on the retired list and get their old id back if they return.
 * @param {{ keys: Iterable<string>, known: KnownIds, pinned: Map<string, number> }} input
 * @returns {{ ids: Map<string, number>, retired: Map<string, number>, added: string[], vanished: string[] }}
 */
export function assignStableIds({ keys, known, pinned }) {
  const wanted = [...new Set(keys)].sort(byCodeUnit);
  const everGiven = new Map([...known.retired, ...known.current]);
  for (const key of pinned.keys()) {
    if (!wanted.includes(key)) throw new Error(`pinned key is not in the catalogue: ${key}`);
  }
  const pinnedIds = new Set(pinned.values());
  /** @type {Map<string, number>} */
  const ids = new Map();
  /** @type {string[]} */
  const added = [];
  let lastId = 0;
  for (const id of everGiven.values()) if (!pinnedIds.has(id) && id > lastId) lastId = id;
  for (const key of wanted) {
    const id = pinned.get(key) ?? everGiven.get(key);
    if (id !== undefined) {
      ids.set(key, id);
      continue;
    }
    do lastId += 1;
    while (pinnedIds.has(lastId));
    ids.set(key, lastId);
    added.push(key);
  }
  if (new Set(ids.values()).size !== ids.size) throw new Error('two keys share one id');
  const retired = new Map([...everGiven].filter(([key]) => !ids.has(key)));
  return { ids, retired, added, vanished: [...known.current.keys()].filter((key) => !ids.has(key)) };
}
