import { describe, expect, it } from 'vitest';
import { FairGate } from '../../src/lib/fair-gate.js';

/** Work that ends when it is told to; `begun` has its name from the moment it has a slot. */
function openWork() {
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  return {
    begun,
    named: (name: string) => () =>
      new Promise<string>((resolve) => {
        begun.push(name);
        ends.set(name, () => resolve(name));
      }),
    end: async (name: string) => {
      ends.get(name)?.();
      // What the gate does next, it does within the promise jobs of this turn.
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

describe('turns at a gate', () => {
  it('leave half of the slots to others, however much one party asks for', () => {
    const gate = new FairGate(8);
    const { begun, named } = openWork();
    for (let n = 0; n < 64; n++) void gate.run('greedy', named(`greedy ${n}`));
    expect(begun).toHaveLength(4);
    void gate.run('modest', named('modest'));
    expect(begun.at(-1)).toBe('modest');
  });

  it('go first to a party that has none, when several parties have taken all', async () => {
    const gate = new FairGate(12);
    const { begun, named, end } = openWork();
    for (const party of ['a', 'b', 'c', 'd']) {
      for (let n = 0; n < 20; n++) void gate.run(party, named(`${party} ${n}`));
    }
    expect(begun).toHaveLength(12);
    void gate.run('new', named('new'));
    await end('a 0');
    expect(begun.slice(12)).toEqual(['new']);
  });

  it('come in rotation when all slots are taken, not in order of arrival', async () => {
    const gate = new FairGate(1);
    const { begun, named, end } = openWork();
    void gate.run('holder', named('holder'));
    for (let n = 1; n <= 3; n++) void gate.run('many', named(`many ${n}`));
    void gate.run('few', named('few 1'));
    for (const name of ['holder', 'many 1', 'few 1', 'many 2']) await end(name);
    expect(begun).toEqual(['holder', 'many 1', 'few 1', 'many 2', 'many 3']);
  });

  it('are given back by work that fails', async () => {
    const gate = new FairGate(1);
    const failed = gate.run('a', () => Promise.reject(new Error('no')));
    const next = gate.run('b', () => Promise.resolve('done'));
    await expect(failed).rejects.toThrow('no');
    expect(await next).toBe('done');
  });

  it('all come: nobody who waits is forgotten', async () => {
    const gate = new FairGate(3);
    let done = 0;
    const work = async (): Promise<void> => {
      await new Promise((resolve) => setImmediate(resolve));
      done++;
    };
    await Promise.all(Array.from({ length: 500 }, (_, n) => gate.run(`party ${n % 7}`, work)));
    expect(done).toBe(500);
    expect(gate.waitedSeconds('party 0')).toBe(0);
  });
});
