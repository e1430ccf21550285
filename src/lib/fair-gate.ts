/** What one party holds and waits for. */
interface Party {
  held: number;
  readonly waiting: { readonly since: number; readonly begin: () => void }[];
}

/**
 * Hands out a bounded number of slots in fair turns. A party takes another slot only while more are free than it holds:
 * one alone gets half of them, and of several the first free slot goes to one that has none. Equals take turns.
 */
export class FairGate {
  #free: number;
  readonly #parties = new Map<string, Party>();
  /** Parties with somebody waiting, in the order of their next turn. */
  readonly #rotation = new Set<string>();

  constructor(slots: number) {
    this.#free = slots;
  }

  /** Runs work in a slot of this party, at once or when its turn comes; the slot is free again when work has ended. */
  async run<T>(party: string, work: () => Promise<T>): Promise<T> {
    const entry = this.#entryOf(party);
    if (entry.waiting.length === 0 && this.#mayTake(entry)) this.#take(entry);
    else {
      await new Promise<void>((begin) => {
        entry.waiting.push({ since: performance.now(), begin });
        this.#rotation.add(party);
      });
    }
    try {
      return await work();
    } finally {
      entry.held--;
      this.#free++;
      this.#serve();
      if (entry.held === 0 && entry.waiting.length === 0) this.#parties.delete(party);
    }
  }

  /** How long the first of those who wait for this party has waited, in seconds; 0 when nobody does. */
  waitedSeconds(party: string): number {
    const first = this.#parties.get(party)?.waiting[0];
    return first ? (performance.now() - first.since) / 1000 : 0;
  }

  #entryOf(party: string): Party {
    const known = this.#parties.get(party);
    if (known) return known;
    const fresh: Party = { held: 0, waiting: [] };
    this.#parties.set(party, fresh);
    return fresh;
  }

  #mayTake({ held }: Party): boolean {
    return held < this.#free;
  }

  #take(entry: Party): void {
    entry.held++;
    this.#free--;
  }

  /** Gives free slots to those who wait and may take one; who got one goes to the end of the rotation. */
  #serve(): void {
    for (const party of this.#rotation) {
      if (this.#free === 0) return;
      const entry = this.#entryOf(party);
      if (!this.#mayTake(entry)) continue;
      this.#take(entry);
      entry.waiting.shift()?.begin();
      // To the end of the rotation; the walk comes by once more, and ends when nobody may take what is left.
      this.#rotation.delete(party);
      if (entry.waiting.length > 0) this.#rotation.add(party);
    }
  }
}
