import { Option } from 'commander';
import type { Command } from 'commander';
import { getAccount } from '../core/accounts/index.js';
import type { Context } from '../core/context.js';
import { moveRental } from '../core/rentals/index.js';
import {
  clearNumberPrice,
  deleteNumber,
  endRest,
  moveToGroup,
  repriceNumber,
  returnNumber,
  withdrawNumber,
} from '../core/stock/index.js';
import type { NumberChange } from '../core/stock/index.js';
import { readAmount, readCurrency } from './arguments.js';
import { readNumber } from './stock-overview.js';
import { jsonOption, print, withOperator } from './surroundings.js';
import type { Surroundings } from './surroundings.js';

/** The commands that change one number of the stock; each wants a reason for the audit trail. */

interface ChangeOptions {
  readonly reason: string;
  readonly test?: boolean;
  readonly json?: boolean;
}

interface RepriceOptions extends ChangeOptions {
  readonly currency: string;
  readonly setup: string;
  readonly recurring?: string;
  readonly cycle: '28d' | 'month';
  readonly clear?: boolean;
}

export function addChangeCommands(stock: Command, surroundings: Surroundings): void {
  const sale = [
    { name: 'withdraw', what: 'take a number out of sale that nobody rents or holds', verb: withdrawNumber },
    { name: 'return', what: 'put a withdrawn number back on sale', verb: returnNumber },
    { name: 'end-rest', what: 'end the quarantine of a number before its time', verb: endRest },
  ] as const;
  for (const { name, what, verb } of sale) {
    changeCommand(stock, name, what).action(async (number: string, options: ChangeOptions) =>
      change(surroundings, number, options, async (ctx, input) => {
        const { state } = await verb({ ctx, input });
        return { more: { state }, told: `is ${state === 'withdrawn' ? 'withdrawn' : 'in stock'} now` };
      }),
    );
  }
  changeCommand(stock, 'move-to-group', 'move a number that nobody rents or holds to another group')
    .requiredOption('--group <id>', 'the group')
    .action(async (number: string, options: ChangeOptions & { group: string }) =>
      change(surroundings, number, options, async (ctx, input) => {
        const { group } = await moveToGroup({ ctx, input: { ...input, group: options.group } });
        return { more: { group }, told: `is in group ${group} now` };
      }),
    );
  changeCommand(stock, 'delete', 'delete a number that was never rented and had no calls').action(
    async (number: string, options: ChangeOptions) =>
      change(surroundings, number, options, async (ctx, input) => {
        await deleteNumber({ ctx, input });
        return { more: { deleted: true }, told: 'is deleted' };
      }),
  );
  changeCommand(stock, 'move-rental', 'move a rented number to another account')
    .requiredOption('--to <account>', 'who has it and pays for it from now on')
    .action(async (number: string, options: ChangeOptions & { to: string }) =>
      change(surroundings, number, options, async (ctx, input) => {
        const to = await getAccount({ ctx, input: { account: options.to } });
        const { holder } = await moveRental({ ctx, input: { ...input, to } });
        return { more: { holder }, told: `is rented by ${holder} now` };
      }),
    );
  repriceCommand(stock, surroundings);
}

function repriceCommand(stock: Command, surroundings: Surroundings): void {
  changeCommand(stock, 'reprice', 'give a number a price of its own, or take it away')
    .requiredOption('--currency <code>', 'currency of the price', readCurrency)
    .option('--recurring <amount>', 'per cycle, such as 2.50')
    .option('--setup <amount>', 'once', '0')
    .addOption(new Option('--cycle <cycle>', 'how often').choices(['28d', 'month']).default('month'))
    .addOption(new Option('--clear', 'let price lists hold again').conflicts('recurring'))
    .action(async (number: string, options: RepriceOptions) =>
      change(surroundings, number, options, async (ctx, input) => {
        const { currency } = options;
        const { ownPrices } =
          options.recurring === undefined && options.clear
            ? await clearNumberPrice({ ctx, input: { ...input, currency } })
            : await repriceNumber({ ctx, input: { ...input, price: priceOf(options) } });
        const told = options.clear ? 'has no price of its own' : 'has a price of its own';
        return { more: { own_prices: ownPrices }, told: `${told} in ${currency} now` };
      }),
    );
}

function priceOf({ currency, setup, recurring, cycle }: RepriceOptions) {
  return {
    currency,
    setupMinor: readAmount('setup', setup, currency),
    recurringMinor: readAmount('recurring', recurring ?? '', currency),
    cycle,
  };
}

function changeCommand(stock: Command, name: string, what: string): Command {
  return stock
    .command(name)
    .description(what)
    .argument('<number>', 'such as +12025550100')
    .requiredOption('--reason <text>', 'why, for the audit trail')
    .option('--test', 'the number of the test environment')
    .option(...jsonOption);
}

/** Runs one change and prints what it came to. */
async function change(
  surroundings: Surroundings,
  number: string,
  { reason, test, json }: ChangeOptions,
  work: (ctx: Context, input: NumberChange) => Promise<{ readonly more: object; readonly told: string }>,
): Promise<void> {
  const numberId = readNumber(number, test);
  const { more, told } = await withOperator(surroundings, (ctx) => work(ctx, { numberId, reason }));
  const environment = test ? 'test' : 'live';
  print(surroundings, json, { number, environment, ...more }, [`${number} ${told}.`]);
}
