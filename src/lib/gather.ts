/** Largest number of keys asked for in one query; more make a second one. */
const gatherMax = 512;

/**
 * Gathers the look-ups of one turn of the event loop into one query: callers ask one by one, the database is asked
 * once. Nobody waits for a timer. A failed query fails all that waited for it.
 */
export function gather<V>(
  load: (keys: string[]) => Promise<Map<string, V>>,
): (key: string) => Promise<V | undefined> {
  let waiting = new Map<string, Promise<V | undefined>>();
  let asked: string[] = [];
  let answer: Promise<Map<string, V>> | undefined;

  const flush = (): Promise<Map<string, V>> =>
    new Promise((resolve, reject) => {
      setImmediate(() => {
        const keys = asked;
        waiting = new Map();
        asked = [];
        answer = undefined;
        load(keys).then(resolve, reject);
      });
    });

  return (key) => {
    const already = waiting.get(key);
    if (already) return already;
    if (asked.length >= gatherMax) return load([key]).then((found) => found.get(key));
    asked.push(key);
    answer ??= flush();
    const mine = answer.then((found) => found.get(key));
    waiting.set(key, mine);
    return mine;
  };
}
