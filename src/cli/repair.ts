import { Command } from 'commander';
import { e164Of } from '../core/number-id.js';
import { repairOrphans } from '../core/rentals/index.js';
import type { RepairedRental } from '../core/rentals/index.js';
import { jsonOption, print, withOperator } from './surroundings.js';
import type { Surroundings } from './surroundings.js';

export function repairCommand(surroundings: Surroundings): Command {
  const repair = new Command('repair').description('mend what verify has found');
  repair
    .command('orphans')
    .description('give the numbers of closed accounts to their parents, and their holds up')
    .option('--release', 'release the numbers instead')
    .option(...jsonOption)
    .action(async (options: { release?: boolean; json?: boolean }) => {
      const numbers = options.release ? 'release' : 'to_parent';
      const { rentals, accounts } = await withOperator(surroundings, (ctx) =>
        repairOrphans({ ctx, input: { numbers } }),
      );
      const result = { accounts, numbers: rentals.map(resultOf) };
      const told =
        accounts.length === 0 ? 'Closed accounts hold nothing.' : `Mended: ${accounts.join(', ')}.`;
      print(surroundings, options.json, result, [...rentals.map(sentenceOf), told]);
    });
  return repair;
}

function resultOf({ account, numberId, holder }: RepairedRental) {
  return { number: e164Of(numberId), account_id: account, holder };
}

function sentenceOf({ account, numberId, holder }: RepairedRental): string {
  const fate = holder === null ? 'released' : `given to ${holder}`;
  return `${e164Of(numberId)} of ${account}: ${fate}`;
}
