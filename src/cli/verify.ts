import { Command } from 'commander';
import { verifyBooks } from '../core/verify/index.js';
import type { CheckResult } from '../core/verify/index.js';
import { jsonOption, print, withOperator } from './surroundings.js';
import type { Surroundings } from './surroundings.js';

const exitFailed = 1;

export function verifyCommand(surroundings: Surroundings, done: (exitCode: number) => void): Command {
  return new Command('verify')
    .description('recompute from the rows that nothing was sold twice, overdrawn or lost; exits 1 otherwise')
    .option(...jsonOption)
    .action(async ({ json }: { json?: boolean }) => {
      const result = await withOperator(surroundings, (ctx) => verifyBooks({ ctx }));
      const broken = result.checks.filter((check) => !check.ok).length;
      const verdict = result.ok ? 'The books are in order.' : `${broken} checks failed.`;
      print(surroundings, json, result, [...result.checks.flatMap(sentencesOf), verdict]);
      done(result.ok ? 0 : exitFailed);
    });
}

function sentencesOf({ ok, promise, examined, violations, sample }: CheckResult): string[] {
  if (ok) return [`ok      ${promise} (${examined})`];
  const rows = (sample ?? []).map((row) => `          ${JSON.stringify(row)}`);
  return [`FAILED  ${promise}: ${violations} times (${examined})`, ...rows];
}
