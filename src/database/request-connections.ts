import { FairGate } from '../lib/fair-gate.js';
import type { Pool } from './connection.js';
import { gatedPool } from './gated-pool.js';
import { changesNothing } from './failure.js';
import { connectionsOf, openPoolFor } from './kinds-of-work.js';

export type RequestWork = 'reads' | 'writes';

/** Requests of one party that are under way at most; more are refused at the door. */
const requestsMax = 1000;
/** A party whose first statement has waited this long gets no further request in: its queue is too long. */
const waitSecondsMax = 5;

const closeTimeoutSeconds = 5;

/** One kind of requests: its pool, the turns at it, and how many requests of each party are under way. */
interface Lane {
  readonly pool: Pool;
  readonly gate: FairGate;
  readonly underWay: Map<string, number>;
}

/**
 * The connections of a server's requests. Those that read and those that write have a pool each, at which parties
 * (families of accounts, the operator) take fair turns; keys, health and shared look-ups have one where nobody queues.
 */
export class RequestConnections {
  /** For keys, health and look-ups by id that requests share. */
  readonly lookUps: Pool;
  readonly #lanes: Readonly<Record<RequestWork, Lane>>;

  constructor(url: string) {
    // Look-ups come at once, and whatever is lost of them is no change of a request's.
    this.lookUps = gatedPool(openPoolFor('lookUps', url), (run) => changesNothing(run()));
    this.#lanes = { reads: openLane('reads', url), writes: openLane('writes', url) };
  }

  /** The database as one party sees it: each of its statements and transactions takes a turn. */
  of(party: string, work: RequestWork): Pool {
    const { pool, gate } = this.#lanes[work];
    return gatedPool(pool, (run) => gate.run(party, run), this.lookUps);
  }

  /**
   * Lets a request in, and gives what to call when it is answered; undefined when the party has too many under way or
   * its queue is too long. Asked before a request does anything: one that is in is never refused a turn.
   */
  letIn(party: string, work: RequestWork): (() => void) | undefined {
    const { gate, underWay } = this.#lanes[work];
    const count = underWay.get(party) ?? 0;
    if (count >= requestsMax || gate.waitedSeconds(party) >= waitSecondsMax) return undefined;
    underWay.set(party, count + 1);
    return () => {
      const left = (underWay.get(party) ?? 1) - 1;
      if (left === 0) underWay.delete(party);
      else underWay.set(party, left);
    };
  }

  /** Whether the database answers. */
  isReachable(): Promise<boolean> {
    return this.lookUps`select 1`.then(
      () => true,
      () => false,
    );
  }

  async close(): Promise<void> {
    const pools = [this.lookUps, this.#lanes.reads.pool, this.#lanes.writes.pool];
    await Promise.all(pools.map((pool) => pool.end({ timeout: closeTimeoutSeconds })));
  }
}

function openLane(work: RequestWork, url: string): Lane {
  return {
    pool: openPoolFor(work, url),
    gate: new FairGate(connectionsOf(work)),
    underWay: new Map(),
  };
}
