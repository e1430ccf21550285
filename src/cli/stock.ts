import { createReadStream } from 'node:fs';
import { once } from 'node:events';
import { basename } from 'node:path';
import { Command, Option } from 'commander';
import type { Environment } from '../core/context.js';
import { addRange, importStock } from '../core/stock/index.js';
import type { StockResult } from '../core/stock/index.js';
import { readEnvironments } from './arguments.js';
import { addChangeCommands } from './stock-change.js';
import { countCommand, listCommand, showCommand } from './stock-overview.js';
import { jsonOption, print, withOperator } from './surroundings.js';
import type { Surroundings } from './surroundings.js';

interface StockOptions {
  readonly environment: Environment[];
  readonly json?: boolean;
}

const environmentOption = (): Option =>
  new Option('--environment <name>', 'where to put them: live, test or both')
    .argParser(readEnvironments)
    .default(['live'], 'live');

export function stockCommand(surroundings: Surroundings): Command {
  const stock = new Command('stock').description('the numbers of the exchange');
  stock.addCommand(listCommand(surroundings));
  stock.addCommand(countCommand(surroundings));
  stock.addCommand(showCommand(surroundings));
  stock
    .command('import')
    .description('take the numbers of a CSV file into stock; bad lines go to FILE.rejects.csv')
    .argument('<file>', 'CSV whose first line names the columns: number, and perhaps group, type, features …')
    .addOption(environmentOption())
    .option(...jsonOption)
    .action(async (file: string, options: StockOptions) => importFile(surroundings, file, options));
  stock
    .command('add-range')
    .description('take all numbers from the first to the last into stock')
    .argument('<first>', 'such as +12025550100')
    .argument('<last>', 'such as +12025550199')
    .addOption(environmentOption())
    .option(...jsonOption)
    .action(async (first: string, last: string, options: StockOptions) => {
      const result = await withOperator(surroundings, (ctx) =>
        addRange({ ctx, input: { first, last, environments: options.environment } }),
      );
      report(surroundings, result, options);
    });
  addChangeCommands(stock, surroundings);
  return stock;
}

async function importFile(surroundings: Surroundings, file: string, options: StockOptions): Promise<void> {
  const source = createReadStream(file);
  // A file that is not there is told before a database is started for it.
  await once(source, 'open');
  try {
    const result = await withOperator(surroundings, (ctx) =>
      importStock({
        ctx,
        input: {
          source,
          environments: options.environment,
          rejectFile: `${file}.rejects.csv`,
          name: basename(file),
        },
      }),
    );
    report(surroundings, result, options);
  } finally {
    source.destroy();
  }
}

function report(surroundings: Surroundings, result: StockResult, options: StockOptions): void {
  const { lines, imported, already, rejected, rejectFile, rejectSamples } = result;
  const samples = rejectSamples.map(({ line, number, reason }) => `  line ${line}: ${number} ${reason}`);
  print(
    surroundings,
    options.json,
    {
      lines,
      imported,
      already,
      rejected,
      reject_file: rejectFile,
      reject_samples: rejectSamples,
      environments: options.environment,
    },
    [
      `${lines} lines: ${imported} numbers are new in stock (${options.environment.join(', ')}), ${already} were there, ${rejected} lines were rejected.`,
      ...samples,
      ...(rejectFile === null ? [] : [`All rejected lines are in ${rejectFile}.`]),
    ],
  );
}
