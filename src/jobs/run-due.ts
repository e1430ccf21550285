import type { Context } from '../core/context.js';
import { assert } from '../lib/assert.js';
import type { Job } from './job.js';
import { runBatch } from './runner.js';

/** Rounds over all jobs at most: what a job does may make work for another, but not without end. */
const roundsMax = 1000;

/** Does everything that is due now, and what falls due by doing it; how much each job did. */
export async function runDue(
  jobs: readonly Job[],
  surroundings: Pick<Context, 'sql' | 'clock'>,
): Promise<Map<string, number>> {
  const totals = new Map(jobs.map((job) => [job.name, 0]));
  for (let round = 1; ; round++) {
    assert(round <= roundsMax, 'due work comes to an end');
    let doneInRound = 0;
    for (const job of jobs) {
      for (;;) {
        const { done } = await runBatch(job, surroundings);
        if (done === 0) break;
        doneInRound += done;
        totals.set(job.name, (totals.get(job.name) ?? 0) + done);
      }
    }
    if (doneInRound === 0) return totals;
  }
}
