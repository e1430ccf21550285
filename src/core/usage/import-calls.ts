import type { Readable } from 'node:stream';
import { requireOperator } from '../authority/index.js';
import type { Context, Environment } from '../context.js';
import { RejectFile } from '../line-file/index.js';
import type { RejectedLine } from '../line-file/index.js';
import { readCalls } from './read-calls.js';
import type { CallFileFormat } from './read-calls.js';
import { recordCalls } from './record-calls.js';

export interface CallImport {
  /** Lines read, without the header. */
  readonly lines: number;
  readonly recorded: number;
  readonly repeated: number;
  readonly updated: number;
  readonly refused: number;
  /** Where the refused lines are, with the reason of each. */
  readonly rejectFile: string | null;
  /** The first of them. */
  readonly rejectSamples: readonly RejectedLine<'call_id'>[];
}

/**
 * Takes in the calls of a file, batch by batch. A file that breaks off leaves the batches before it recorded; importing
 * it again does no harm, since a call is recorded once.
 * Raises forbidden, invalid_input (file).
 */
export async function importCalls({
  ctx,
  input,
}: {
  ctx: Context;
  input: {
    readonly source: Readable;
    readonly environment: Environment;
    /** By the file's first character when it is not known. */
    readonly format?: CallFileFormat | undefined;
    /** Where to put the lines that are refused; without it they are only counted. */
    readonly rejectFile?: string | undefined;
    /** Name of the file, for the audit rows. */
    readonly name?: string | undefined;
  };
}): Promise<CallImport> {
  requireOperator(ctx);
  const { source, environment, name: origin } = input;
  const counts = { lines: 0, recorded: 0, repeated: 0, updated: 0, refused: 0 };
  const rejects = await RejectFile.prepare('call_id', input.rejectFile);
  try {
    for await (const batch of readCalls(source, input.format)) {
      const calls = batch.map(({ call }) => call);
      const outcomes = await recordCalls({ ctx, input: { environment, calls, origin } });
      counts.lines += batch.length;
      const refused: RejectedLine<'call_id'>[] = [];
      for (const [index, outcome] of outcomes.entries()) {
        counts[outcome.outcome] += 1;
        if (outcome.outcome !== 'refused') continue;
        refused.push({
          line: batch[index]?.line ?? 0,
          call_id: outcome.callId ?? '',
          reason: outcome.reason,
        });
      }
      await rejects.add(refused);
    }
  } finally {
    await rejects.close();
  }
  return { ...counts, rejectFile: rejects.path, rejectSamples: rejects.samples };
}
