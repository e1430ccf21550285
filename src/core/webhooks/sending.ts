import type { ClaimedDelivery, InFlight } from './claim-store.js';

type Target = Pick<ClaimedDelivery, 'endpointId' | 'familyId'>;

/** What one process has on its way, counted by endpoint and by family. */
export class Sending implements InFlight {
  readonly byEndpoint: Map<number, number>;
  readonly byFamily: Map<number, number>;
  readonly #attempts = new Set<Promise<void>>();

  constructor(counts?: InFlight) {
    this.byEndpoint = new Map(counts?.byEndpoint);
    this.byFamily = new Map(counts?.byFamily);
  }

  get size(): number {
    return this.#attempts.size;
  }

  /** The same counts, to go on counting without effect on these. */
  copy(): Sending {
    return new Sending(this);
  }

  /** Counts an attempt until it is done. It must not reject. */
  add(target: Target, attempt: Promise<void>): void {
    this.count(target, 1);
    const done = attempt.then(() => {
      this.#attempts.delete(done);
      this.count(target, -1);
    });
    this.#attempts.add(done);
  }

  count({ endpointId, familyId }: Target, by: 1 | -1): void {
    countIn(this.byEndpoint, endpointId, by);
    countIn(this.byFamily, familyId, by);
  }

  isSomeFull(perFamilyMax: number, perEndpointMax: number): boolean {
    return isSomeAt(this.byFamily, perFamilyMax) || isSomeAt(this.byEndpoint, perEndpointMax);
  }

  untilOneIsDone(): Promise<void> {
    return Promise.race(this.#attempts);
  }
}

function countIn(counts: Map<number, number>, id: number, by: 1 | -1): void {
  const count = (counts.get(id) ?? 0) + by;
  if (count === 0) counts.delete(id);
  else counts.set(id, count);
}

function isSomeAt(counts: ReadonlyMap<number, number>, max: number): boolean {
  return [...counts.values()].some((count) => count >= max);
}
