import { describe, expect, it } from 'vitest';
import type { LimitStore } from '../../src/http/limits/limit-store.js';
import { SharedLimiter } from '../../src/http/limits/limiter.js';
import { networkOf } from '../../src/http/limits/request-limits.js';

/** A store in memory that several limiters share, with a clock of its own. */
class Store implements LimitStore {
  asked = 0;
  now = 0;
  readonly #windows = new Map<string, { taken: number; endsAt: number }>();

  async take(key: string, points: number, windowSeconds: number) {
    this.asked += 1;
    await Promise.resolve();
    const known = this.#windows.get(key);
    const window =
      known && known.endsAt > this.now ? known : { taken: 0, endsAt: this.now + windowSeconds * 1000 };
    window.taken += points;
    this.#windows.set(key, window);
    return { ...window };
  }
}

function limitersOver(store: Store, count: number): SharedLimiter[] {
  return Array.from({ length: count }, () => new SharedLimiter(store, () => store.now));
}

const limit = { key: 'a', requests: 300, windowSeconds: 60 };

async function served(limiter: SharedLimiter, times: number): Promise<number> {
  const counts = await Promise.all(Array.from({ length: times }, () => limiter.count(limit)));
  return counts.filter(({ exceeded }) => !exceeded).length;
}

describe('a limit that processes share', () => {
  it('is exact for one process, which asks the store once for many requests', async () => {
    const store = new Store();
    const [limiter] = limitersOver(store, 1);
    const remaining: number[] = [];
    for (let i = 0; i < 300; i++) remaining.push((await limiter?.count(limit))?.remaining ?? -1);
    expect(remaining).toEqual(Array.from({ length: 300 }, (_, i) => 299 - i));
    expect(await limiter?.count(limit)).toMatchObject({ exceeded: true, remaining: 0, resetSeconds: 60 });
    expect(store.asked).toBeLessThan(40);
  });

  it('is never exceeded by several together, and all but a block of each is served', async () => {
    const store = new Store();
    const limiters = limitersOver(store, 4);
    const each = await Promise.all(limiters.map((limiter) => served(limiter, 200)));
    const total = each.reduce((sum, count) => sum + count, 0);
    expect(total).toBeLessThanOrEqual(300);
    expect(total).toBeGreaterThanOrEqual(300 - 3 * 15);
  });

  it('begins anew when its window ends, and what a process had in hand ends with it', async () => {
    const store = new Store();
    const [one, other] = limitersOver(store, 2);
    if (!one || !other) throw new Error('two limiters');
    await one.count(limit);
    await served(other, 300);
    store.now = 60_000;
    expect(await served(one, 400)).toBe(300);
    expect(await other.count(limit)).toMatchObject({ exceeded: true });
  });

  it('follows a change of the number at once, up and down', async () => {
    const store = new Store();
    const [limiter] = limitersOver(store, 1);
    if (!limiter) throw new Error('a limiter');
    const of = (requests: number) => limiter.count({ ...limit, requests });
    for (let i = 0; i < 3; i++) await of(3);
    expect(await of(3)).toMatchObject({ exceeded: true });
    expect(await of(100)).toMatchObject({ exceeded: false });
    expect(await of(4)).toMatchObject({ exceeded: true });
  });
});

it('guesses are counted by IPv4 address and by IPv6 /64', () => {
  expect(networkOf('::ffff:192.0.2.7')).toBe('192.0.2.7');
  expect(networkOf('2001:db8:1:2::1')).toBe(networkOf('2001:db8:1:2:ffff::9'));
  expect(networkOf('2001:db8:1:2::1')).not.toBe(networkOf('2001:db8:1:3::1'));
});
