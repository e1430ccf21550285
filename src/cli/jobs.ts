import { Command } from 'commander';
import { runAllDue } from '../server/run-all-due.js';
import { jsonOption, print, withOperator } from './surroundings.js';
import type { Surroundings } from './surroundings.js';

export function jobsCommand(surroundings: Surroundings): Command {
  const jobs = new Command('jobs').description('work that falls due without a request');
  jobs
    .command('run')
    .description('do all that is due now, beside a running server or without one')
    .requiredOption('--once', 'do what is due and end')
    .option(...jsonOption)
    .action(async ({ json }: { json?: boolean }) => {
      const done = await withOperator(surroundings, (ctx) => runAllDue(ctx));
      const total = [...done.values()].reduce((sum, count) => sum + count, 0);
      print(surroundings, json, { total, done: Object.fromEntries(done) }, [
        ...[...done].map(([name, count]) => `${String(count).padStart(8)}  ${name}`),
        `${String(total).padStart(8)}  in all`,
      ]);
    });
  return jobs;
}
