import { setMaxListeners } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import type { Context } from '../core/context.js';
import type { Clock } from '../lib/clock.js';
import { newRequestId } from '../lib/ids.js';
import type { Job } from './job.js';

/** What the runner tells of its work: for metrics and logs. */
export interface JobObserver {
  /** `seconds` is how long it took, `lagSeconds` how late its oldest thing was; null when the job does not know. */
  batchDone(job: string, done: number, seconds: number, lagSeconds: number | null): void;
  batchFailed(job: string, error: unknown, attempt: number, seconds: number): void;
}

/** The longest wait after failures in a row; it doubles from one second. */
const backoffSecondsMax = 60;

/** Runs one batch of a job in a context of its own. */
export async function runBatch(
  job: Job,
  surroundings: Pick<Context, 'sql' | 'clock'>,
): Promise<{ done: number; lagSeconds: number | null }> {
  const result = await job.run({
    ...surroundings,
    actor: { kind: 'system', name: job.name },
    requestId: newRequestId(),
  });
  if (typeof result === 'number') return { done: result, lagSeconds: null };
  const { done, oldestDueAt } = result;
  return { done, lagSeconds: oldestDueAt === null ? null : lateness(oldestDueAt, surroundings.clock) };
}

function lateness(dueAt: Date, clock: Clock): number {
  return Math.max(0, (clock.now().getTime() - dueAt.getTime()) / 1000);
}

/**
 * Runs the jobs of a process, each in a loop of its own: batch after batch while there is something to do, then a pause. A
 * failure is told and tried again after a while; it never ends the process, nor holds up another job.
 */
export class JobRunner {
  readonly #jobs: readonly Job[];
  readonly #surroundings: Pick<Context, 'sql' | 'clock'>;
  readonly #observer: JobObserver | undefined;
  readonly #stopping = new AbortController();
  #loops: Promise<void>[] = [];

  constructor(jobs: readonly Job[], surroundings: Pick<Context, 'sql' | 'clock'>, observer?: JobObserver) {
    this.#jobs = jobs;
    this.#surroundings = surroundings;
    this.#observer = observer;
    // Each loop listens while it waits; the default is meant for leaks.
    setMaxListeners(jobs.length + 1, this.#stopping.signal);
  }

  start(): void {
    this.#loops = this.#jobs.map((job) => this.#loop(job));
  }

  /** Begins no more batches, and resolves when those under way have ended. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.all(this.#loops);
  }

  async #loop(job: Job): Promise<void> {
    let failures = 0;
    while (!this.#stopping.signal.aborted) {
      let waitSeconds: number;
      const begunAt = performance.now();
      const seconds = () => (performance.now() - begunAt) / 1000;
      try {
        const { done, lagSeconds } = await runBatch(job, this.#surroundings);
        failures = 0;
        waitSeconds = done > 0 ? 0 : job.idleSeconds;
        this.#observer?.batchDone(job.name, done, seconds(), lagSeconds);
      } catch (error) {
        failures++;
        waitSeconds = Math.min(2 ** (failures - 1), backoffSecondsMax);
        this.#observer?.batchFailed(job.name, error, failures, seconds());
      }
      await this.#pause(waitSeconds);
    }
  }

  async #pause(seconds: number): Promise<void> {
    const { signal } = this.#stopping;
    // Even without a wait, other work of the process gets its turn.
    await pause(seconds * 1000, undefined, { signal }).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
  }
}
