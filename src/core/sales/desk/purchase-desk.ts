import { setTimeout as wait } from 'node:timers/promises';
import { classifyFailure } from '../../../database/failure.js';
import { FailedAfterCommit, Pipeline } from '../../../database/pipeline.js';
import { attemptsMax } from '../../../database/transaction.js';
import type { Pool } from '../../../database/connection.js';
import { present } from '../../../lib/assert.js';
import { DomainError, domainError } from '../../errors.js';
import { judgeBatch, RevenueWalletIds } from './batch.js';
import type { Attempt, Decided } from './batch.js';
import { KeptFacts } from './facts.js';
import { IdBlocks } from './id-blocks.js';
import type { DeskRequest, Verdict } from '../../ports.js';

/** Requests judged together at most. */
export const batchMax = 256;
/** Lines of all orders of a batch at most, but for an order that has more by itself. */
export const batchLinesMax = 512;
/** Requests that may wait at most; more are refused at once, so that a storm cannot fill the memory. */
export const waitingMax = 8192;
/** How long the desk asks whether a commit without an answer has happened, before it says that it does not know. */
const settleSecondsUsual = 30;

interface Waiting {
  readonly request: DeskRequest;
  readonly since: number;
  readonly resolve: (verdict: Verdict) => void;
  readonly reject: (reason: Error) => void;
}

/** What the desk tells of its work: for metrics and benches. */
export interface DeskObserver {
  /** `waitedMilliseconds`: how long the first of the batch had waited when the desk came to it. */
  batchJudged(size: number, milliseconds: number, waitedMilliseconds: number): void;
}

/**
 * The purchase desk: one lane to the database on which all purchases and reservations of this process are judged.
 * While a batch is in the database the next one gathers, so the busier it gets the larger the batches are; nobody
 * waits for a timer. Answers leave only after the commit.
 */
export class PurchaseDesk {
  readonly #lane: Pipeline;
  readonly #observer: DeskObserver | undefined;
  readonly #settleSeconds: number;
  readonly #memory = { ids: new IdBlocks(), revenue: new RevenueWalletIds(), facts: new KeptFacts() };
  readonly #keysInFlight = new Set<string>();
  #waiting: Waiting[] = [];
  #open = false;
  #running: Promise<void> | undefined;

  /** `lane` is a pool of one connection that nobody else uses; `settleSeconds` is for tests. */
  constructor(
    lane: Pool,
    observer?: DeskObserver,
    { settleSeconds = settleSecondsUsual }: { readonly settleSeconds?: number } = {},
  ) {
    this.#settleSeconds = settleSeconds;
    this.#lane = new Pipeline(lane);
    this.#observer = observer;
    this.#open = true;
  }

  /**
   * Judges a request together with the others that wait.
   * Raises idempotency_in_progress, unavailable when the database is away, outcome_unknown when the answer to a commit was
   * lost and could not be learnt in time.
   */
  async submit(request: DeskRequest): Promise<Verdict> {
    if (!this.#open) throw domainError('unavailable', { reason: 'shutting down' });
    if (this.#waiting.length >= waitingMax)
      throw domainError('unavailable', { reason: 'too many requests are waiting' });
    const key = request.idempotency && `${request.account.id}:${request.idempotency.key}`;
    if (key !== undefined) {
      if (this.#keysInFlight.has(key)) {
        throw domainError('idempotency_in_progress', { key: request.idempotency?.key ?? '' });
      }
      this.#keysInFlight.add(key);
    }
    try {
      return await new Promise<Verdict>((resolve, reject) => {
        this.#waiting.push({ request, since: performance.now(), resolve, reject });
        this.#running ??= this.#work();
      });
    } finally {
      if (key !== undefined) this.#keysInFlight.delete(key);
    }
  }

  /** Takes no more requests, and ends when those under way are answered. */
  async close(): Promise<void> {
    this.#open = false;
    await this.#running;
  }

  async #work(): Promise<void> {
    // One turn of the event loop, so that requests which arrived together are judged together.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.slice(0, batchCount(this.#waiting));
      this.#waiting = this.#waiting.slice(batch.length);
      const startedAt = performance.now();
      await this.#settle(batch);
      const waited = startedAt - (batch[0]?.since ?? startedAt);
      this.#observer?.batchJudged(batch.length, performance.now() - startedAt, waited);
    }
    this.#running = undefined;
  }

  /** Answers every request of a batch. When a batch fails by one request's fault, each is judged alone. */
  async #settle(batch: readonly Waiting[]): Promise<void> {
    try {
      const verdicts = await this.#judge(batch.map(({ request }) => request));
      batch.forEach(({ resolve }, index) => resolve(present(verdicts[index], 'one verdict per request')));
    } catch (error) {
      const failure = error instanceof Error ? error : new Error(String(error));
      if (batch.length === 1 || 'details' in failure || failure instanceof FailedAfterCommit) {
        for (const { reject, request } of batch) reject(failureOf(request, failure));
      } else {
        for (const single of batch) await this.#settle([single]);
      }
    }
  }

  async #judge(requests: readonly DeskRequest[]): Promise<Verdict[]> {
    const startedAt = performance.now();
    let earlier: Decided | undefined;
    for (let attemptNumber = 1; ; attemptNumber++) {
      const attempt: Attempt = {};
      try {
        return await judgeBatch(this.#lane, requests, this.#memory, attempt, earlier);
      } catch (error) {
        this.#memory.revenue.forget();
        // Any other failure is the server's word that nothing was committed.
        if (classifyFailure(error).kind === 'outcome_unknown') earlier = attempt.decided ?? earlier;
        const seconds = (performance.now() - startedAt) / 1000;
        const timeIsUp = seconds >= this.#settleSeconds;
        const verdict = whatNext(error, requests.length, attemptNumber, timeIsUp, earlier);
        if (verdict !== 'again') throw verdict;
        if (attemptNumber > 1) await wait(Math.min(20 * attemptNumber, 500));
      }
    }
  }
}

/** A failure of the whole batch, as it is told to one of its requests. */
function failureOf(request: DeskRequest, failure: Error): Error {
  const unknown = failure instanceof DomainError && failure.code === 'outcome_unknown';
  return unknown ? domainError('outcome_unknown', { keyed: request.idempotency !== undefined }) : failure;
}

/** How many of those in front make a batch: they live by the same clock, and ask for so many lines at most. */
function batchCount(waiting: readonly Waiting[]): number {
  const clockId = waiting[0]?.request.account.clock?.id;
  let lines = 0;
  for (const [index, { request }] of waiting.entries()) {
    lines += request.kind === 'buy' ? request.lines.length : 1;
    const isFull = index === batchMax || (index > 0 && lines > batchLinesMax);
    if (isFull || request.account.clock?.id !== clockId) return index;
  }
  return waiting.length;
}

/** Tries again, or gives the error to answer with. */
function whatNext(
  error: unknown,
  batchSize: number,
  attemptNumber: number,
  timeIsUp: boolean,
  earlier: Decided | undefined,
): 'again' | Error | DomainError {
  const failure = classifyFailure(error);
  switch (failure.kind) {
    case 'unavailable':
    case 'outcome_unknown':
      if (!earlier) return domainError('unavailable', { reason: 'the database is away' });
      if (!timeIsUp) return 'again';
      return domainError('outcome_unknown', { keyed: false });
    case 'retry':
      return attemptNumber < attemptsMax
        ? 'again'
        : domainError('unavailable', { reason: 'too much contention' });
    case 'constraint':
      // Lost a race against another process: the next look sees what it has done.
      if (attemptNumber < attemptsMax && batchSize === 1) return 'again';
      return error instanceof Error ? error : new Error('constraint');
    case 'unstorable_text':
    case 'bug':
      return error instanceof Error ? error : new Error(String(error));
  }
}
