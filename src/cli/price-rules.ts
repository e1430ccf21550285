import { createReadStream } from 'node:fs';
import { once } from 'node:events';
import { InvalidArgumentError, Option } from 'commander';
import type { Command } from 'commander';
import { addCurrency, exportPriceRules, importPriceRules, setPriceRule } from '../core/billing/index.js';
import type { RulesChanged } from '../core/billing/index.js';
import { numberTypes } from '../core/catalogue/index.js';
import type { Context } from '../core/context.js';
import { readAmount, readCurrency, readInstant } from './arguments.js';
import { changeSentences, plainChanges } from './price-changes.js';
import { jsonOption, print, withOperator } from './surroundings.js';
import type { Surroundings } from './surroundings.js';

interface SetOptions {
  readonly currency: string;
  readonly recurring: string;
  readonly setup: string;
  readonly cycle: string;
  readonly country?: string;
  readonly type?: string;
  readonly group?: string;
  readonly prefix?: string;
  readonly from?: Date;
  readonly json?: boolean;
}

/** `price set`, `export`, `import` and `currency add`. */
export function addRuleCommands(price: Command, surroundings: Surroundings): void {
  price
    .command('set')
    .description('set the price of a scope, from now on or from an instant to come; no rental changes')
    .argument('<list>', 'name or id of the list')
    .requiredOption('--currency <code>', 'in which currency', readCurrency)
    .requiredOption('--recurring <amount>', 'per cycle, such as 2.50')
    .option('--setup <amount>', 'once', '0')
    .addOption(
      new Option('--cycle <cycle>', 'how long a cycle is').choices(['28d', 'month']).default('month'),
    )
    .option('--country <code>', 'only for numbers of this country')
    .addOption(new Option('--type <type>', 'only for numbers of this type').choices(numberTypes))
    .option('--group <id>', 'only for numbers of this group')
    .option('--prefix <digits>', 'only for numbers that begin with these digits, such as +1212')
    .option('--from <instant>', 'from when it holds, instead of now', readInstant)
    .option(...jsonOption)
    .action(async (list: string, options: SetOptions) => {
      const { currency, recurring, setup, from: validFrom, json, ...scope } = options;
      const recurringMinor = readAmount('recurring', recurring, currency);
      const setupMinor = readAmount('setup', setup, currency);
      const input = { list, currency, setupMinor, recurringMinor, validFrom, ...scope };
      await report(surroundings, json, (ctx) => setPriceRule({ ctx, input }));
    });
  price
    .command('export')
    .description('print a list’s own rules as CSV')
    .argument('<list>', 'name or id of the list')
    .action(async (list: string) => {
      const csv = await withOperator(surroundings, (ctx) => exportPriceRules({ ctx, input: { list } }));
      surroundings.out(csv);
    });
  price
    .command('import')
    .description('take rules of a CSV into a list, all or none')
    .argument('<list>', 'name or id of the list')
    .argument('<file>', 'CSV with the columns that export prints, or - for standard input')
    .option('--dry-run', 'only say what would change')
    .option('--remove-absent', 'take rules off the list that the file does not have')
    .option(...jsonOption)
    .action(async (list: string, file: string, options: ImportOptions) =>
      importFile(surroundings, list, file, options),
    );
  const currency = price.command('currency').description('the currencies that a list sells in');
  currency
    .command('add')
    .description('sell in a further currency: each rule of another one, times a rate, rounded half up')
    .argument('<currency>', 'such as GBP', readCurrency)
    .requiredOption('--from <code>', 'the currency to start from', readCurrency)
    .requiredOption('--rate <rate>', 'what one of it is in the new currency, such as 0.79', readRate)
    .option('--list <list>', 'name or id of the list', 'standard')
    .option('--dry-run', 'only say what would change')
    .option(...jsonOption)
    .action(async (code: string, { from, rate, list, dryRun = false, json }: CurrencyOptions) => {
      const input = { list, currency: code, from, rate, dryRun };
      await report(surroundings, json, (ctx) => addCurrency({ ctx, input }));
    });
}

interface ImportOptions {
  readonly dryRun?: boolean;
  readonly removeAbsent?: boolean;
  readonly json?: boolean;
}

interface CurrencyOptions {
  readonly from: string;
  readonly rate: string;
  readonly list: string;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

function readRate(text: string): string {
  if (!/^\d{1,9}(\.\d{1,9})?$/.test(text))
    throw new InvalidArgumentError('It must be a number such as 0.79.');
  return text;
}

async function importFile(
  surroundings: Surroundings,
  list: string,
  file: string,
  { dryRun = false, removeAbsent = false, json }: ImportOptions,
): Promise<void> {
  const csv = file === '-' ? process.stdin : createReadStream(file);
  // A file that is not there is told before a database is started for it.
  if (csv !== process.stdin) await once(csv, 'open');
  try {
    const input = { list, csv, dryRun, removeAbsent };
    await report(surroundings, json, (ctx) => importPriceRules({ ctx, input }));
  } finally {
    csv.destroy();
  }
}

async function report(
  surroundings: Surroundings,
  json: boolean | undefined,
  work: (ctx: Context) => Promise<RulesChanged>,
): Promise<void> {
  const changed = await withOperator(surroundings, work);
  print(surroundings, json, plainChanges(changed), changeSentences(changed));
}
