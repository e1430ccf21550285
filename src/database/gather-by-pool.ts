import { gather } from '../lib/gather.js';
import type { Pool, Sql } from './connection.js';
import { lookUpPoolOf } from './gated-pool.js';

/**
 * Look-ups by a row's id that share a query with those of other requests: all of one turn of the event loop are asked
 * together, per pool. Inside a transaction there is nobody to share with, and its own writes are to be seen: the
 * transaction asks for itself. Gives what was found, by id.
 */
export function gatherByPool<V>(
  load: (sql: Sql, ids: readonly number[]) => Promise<Map<number, V>>,
): (sql: Sql, ids: readonly number[]) => Promise<Map<number, V>> {
  const finders = new WeakMap<Pool, (key: string) => Promise<V | undefined>>();
  const finderOf = (pool: Pool) => {
    const known = finders.get(pool);
    if (known) return known;
    const find = gather<V>(async (keys) => {
      const found = await load(pool, keys.map(Number));
      return new Map([...found].map(([id, value]) => [String(id), value]));
    });
    finders.set(pool, find);
    return find;
  };
  return async (sql, ids) => {
    if (!('begin' in sql)) return load(sql, ids);
    const find = finderOf(lookUpPoolOf(sql));
    const found = new Map<number, V>();
    await Promise.all(
      ids.map(async (id) => {
        const value = await find(String(id));
        if (value !== undefined) found.set(id, value);
      }),
    );
    return found;
  };
}
