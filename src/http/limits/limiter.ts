import type { LimitStore } from './limit-store.js';

/** So many requests of one key in each window. */
export interface Limit {
  readonly key: string;
  readonly requests: number;
  readonly windowSeconds: number;
}

/** What is left of a limit, for the headers of an answer. */
export interface Allowance {
  readonly limit: number;
  readonly remaining: number;
  readonly resetSeconds: number;
}

/** `exceeded` when the request that was counted is one too many. */
export interface Count extends Allowance {
  readonly exceeded: boolean;
}

export interface Limiter {
  /** Counts one request. */
  count(limit: Limit): Promise<Count>;
}

/** The share of a limit that a process takes from the store at a time. */
const blockShare = 0.05;
/** Keys that a process remembers at most; one that is forgotten costs the points that it had in hand. */
const keysMax = 100_000;

/** What this process has taken of a key's window and not spent yet. */
interface Lease {
  /** In hand. */
  points: number;
  /** By all processes, as the store said last; the limit at most. */
  taken: number;
  /** Milliseconds since 1970. */
  endsAt: number;
  asking?: Promise<void> | undefined;
}

/**
 * Counts against limits that all processes of an installation share. A process takes blocks of points from the store and
 * spends them by itself, so that a request costs no write. Together they never spend more than the limit.
 */
export class SharedLimiter implements Limiter {
  readonly #leases = new Map<string, Lease>();

  constructor(
    private readonly store: LimitStore,
    private readonly now: () => number = Date.now,
  ) {}

  async count(limit: Limit): Promise<Count> {
    // Each turn spends a point, learns that none is left, or takes more of a bounded number from the store.
    for (;;) {
      const lease = this.#leaseOf(limit.key);
      const remaining = limit.requests - lease.taken + lease.points;
      if (remaining <= 0) return this.#countOf(limit, lease, 0, true);
      if (lease.points > 0) {
        lease.points -= 1;
        return this.#countOf(limit, lease, remaining - 1, false);
      }
      lease.asking ??= this.#takeMore(limit, lease).finally(() => (lease.asking = undefined));
      await lease.asking;
    }
  }

  #countOf({ requests }: Limit, { endsAt }: Lease, remaining: number, exceeded: boolean): Count {
    const resetSeconds = Math.max(1, Math.ceil((endsAt - this.now()) / 1000));
    return { limit: requests, remaining, resetSeconds, exceeded };
  }

  #leaseOf(key: string): Lease {
    const known = this.#leases.get(key);
    if (known && known.endsAt > this.now()) return known;
    if (this.#leases.size >= keysMax) this.#forgetSome();
    const fresh: Lease = { points: 0, taken: 0, endsAt: Number.POSITIVE_INFINITY };
    this.#leases.set(key, fresh);
    return fresh;
  }

  /** Smaller blocks towards the end of the window leave less in the hands of processes that do not need it. */
  async #takeMore({ key, requests, windowSeconds }: Limit, lease: Lease): Promise<void> {
    const left = requests - lease.taken;
    const block = Math.max(1, Math.min(Math.ceil(requests * blockShare), Math.floor(left / 2)));
    const { taken, endsAt } = await this.store.take(key, block, windowSeconds);
    const before = taken - block;
    lease.points += Math.max(0, Math.min(block, requests - before));
    lease.taken = Math.min(taken, requests);
    lease.endsAt = endsAt;
  }

  /** Windows that have ended, and where that is not enough the oldest half. */
  #forgetSome(): void {
    const now = this.now();
    for (const [key, { endsAt }] of this.#leases) if (endsAt <= now) this.#leases.delete(key);
    let tooMany = this.#leases.size - keysMax / 2;
    for (const key of this.#leases.keys()) {
      if (tooMany-- <= 0) return;
      this.#leases.delete(key);
    }
  }
}
