import type { Readable } from 'node:stream';
import type { Context, Environment } from '../../context.js';
import { readCsv } from './read-csv.js';
import { takeIn } from './take-in.js';
import type { StockResult } from './take-in.js';

export interface ImportStockInput {
  /** CSV with a header line; see docs/operations for its columns. */
  readonly source: Readable;
  readonly environments: readonly Environment[];
  /** Where to put the lines that are rejected; without it they are only counted. */
  readonly rejectFile?: string | undefined;
  /** Name of the file, for the audit row. */
  readonly name?: string | undefined;
}

/**
 * Takes the numbers of a CSV file into stock. Importing a file again changes nothing.
 *
 * Raises forbidden, invalid_input (environment, file).
 */
export async function importStock({
  ctx,
  input,
}: {
  ctx: Context;
  input: ImportStockInput;
}): Promise<StockResult> {
  return takeIn(ctx, () => readCsv(input.source), {
    environments: input.environments,
    rejectFile: input.rejectFile,
    origin: { name: input.name ?? null },
    action: 'stock.import',
  });
}
