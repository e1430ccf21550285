import { Command } from 'commander';
import { getAccount } from '../core/accounts/index.js';
import { advanceClock, attachAccount, createClock } from '../core/clocks/index.js';
import type { TestClock } from '../core/clocks/index.js';
import { readId, readInstant } from './arguments.js';
import { jsonOption, print, withOperator } from './surroundings.js';
import type { Surroundings } from './surroundings.js';

interface Options {
  readonly account: string;
  readonly clock: number;
  readonly name: string;
  readonly to: Date;
  readonly json?: boolean;
}

export function clockCommand(surroundings: Surroundings): Command {
  const clock = new Command('clock').description(
    'test clocks, by which accounts of the test environment live',
  );
  clock
    .command('create')
    .description('make a clock for an account; it stands still until it is advanced')
    .requiredOption('--account <id>', 'whose clock it is: MA_…')
    .requiredOption('--name <name>', 'what it is called')
    .option(...jsonOption)
    .action(async ({ account, name, json }: Options) => {
      const made = await withOperator(surroundings, async (ctx) => {
        const owner = await getAccount({ ctx, input: { account } });
        return createClock({ ctx, input: { owner, name } });
      });
      tell(surroundings, json, made);
    });
  clock
    .command('attach')
    .description("put the clock's account, or a sub-account of it, on the clock; it stays there")
    .requiredOption('--clock <id>', 'the clock', readId)
    .requiredOption('--account <id>', 'the account')
    .option(...jsonOption)
    .action(async ({ clock: clockId, account, json }: Options) => {
      const input = { clockId, account };
      tell(surroundings, json, await withOperator(surroundings, (ctx) => attachAccount({ ctx, input })));
    });
  clock
    .command('advance')
    .description('move a clock forward, with all that falls due on the way')
    .requiredOption('--clock <id>', 'the clock', readId)
    .requiredOption('--to <time>', 'what it is to show, such as 2027-01-31T00:00:00Z', readInstant)
    .option(...jsonOption)
    .action(async ({ clock: clockId, to, json }: Options) => {
      const input = { clockId, to };
      tell(surroundings, json, await withOperator(surroundings, (ctx) => advanceClock({ ctx, input })));
    });
  return clock;
}

function tell(surroundings: Surroundings, json: boolean | undefined, clock: TestClock): void {
  const { id, name, now, createdAt } = clock;
  print(surroundings, json, { clock_id: id, name, now, created_at: createdAt }, [
    `Clock ${id} (${name}) shows ${now}.`,
  ]);
}
