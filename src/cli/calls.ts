import { createReadStream } from 'node:fs';
import { once } from 'node:events';
import { basename } from 'node:path';
import { Command, Option } from 'commander';
import type { Environment } from '../core/context.js';
import { importCalls } from '../core/usage/index.js';
import type { CallImport } from '../core/usage/index.js';
import { jsonOption, print, withOperator } from './surroundings.js';
import type { Surroundings } from './surroundings.js';

interface ImportOptions {
  readonly environment: Environment;
  readonly json?: boolean;
}

export function callsCommand(surroundings: Surroundings): Command {
  const calls = new Command('calls').description('call records of the numbers');
  calls
    .command('import')
    .description('record the calls of a file, each once; bad lines go to FILE.rejects.csv')
    .argument(
      '<file>',
      'CSV with call_id, direction, from, to, started_at, answered_at …; or a JSON object per line',
    )
    .addOption(
      new Option('--environment <name>', 'whose numbers they concern')
        .choices(['live', 'test'])
        .default('live'),
    )
    .option(...jsonOption)
    .action(async (file: string, options: ImportOptions) => importFile(surroundings, file, options));
  return calls;
}

async function importFile(surroundings: Surroundings, file: string, options: ImportOptions): Promise<void> {
  const source = createReadStream(file);
  // A file that is not there is told before a database is started for it.
  await once(source, 'open');
  try {
    const result = await withOperator(surroundings, (ctx) =>
      importCalls({
        ctx,
        input: {
          source,
          environment: options.environment,
          format: /\.(jsonl|ndjson)$/i.test(file) ? 'jsonl' : undefined,
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

function report(surroundings: Surroundings, result: CallImport, options: ImportOptions): void {
  const { lines, recorded, repeated, updated, refused, rejectFile, rejectSamples } = result;
  const samples = rejectSamples.map((sample) => `  line ${sample.line}: ${sample.call_id} ${sample.reason}`);
  print(
    surroundings,
    options.json,
    {
      lines,
      recorded,
      repeated,
      updated,
      refused,
      reject_file: rejectFile,
      reject_samples: rejectSamples,
      environment: options.environment,
    },
    [
      `${lines} lines: ${recorded} calls are new (${options.environment}), ${updated} were completed, ${repeated} were known, ${refused} lines were refused.`,
      ...samples,
      ...(rejectFile === null ? [] : [`All refused lines are in ${rejectFile}.`]),
    ],
  );
}
