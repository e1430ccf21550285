import type { Context } from '../core/context.js';
import { runDue } from '../jobs/run-due.js';
import { schedule } from '../jobs/schedule.js';

/** For the command line, which does not know the jobs: does all that is due now, and says how much by job. */
export function runAllDue(surroundings: Pick<Context, 'sql' | 'clock'>): Promise<Map<string, number>> {
  return runDue(schedule, surroundings);
}
