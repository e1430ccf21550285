import { setImmediate as nextTurn } from 'node:timers/promises';
import { formatE164, parseE164Lenient } from '../../../lib/e164.js';
import type { Context, Environment } from '../../context.js';
import { domainError } from '../../errors.js';
import { batchLines } from '../../line-file/index.js';
import type { NumberPlacer } from './place-number.js';
import type { RawLine } from './raw-line.js';
import { takeIn } from './take-in.js';
import type { StockResult } from './take-in.js';

/** Numbers in one range at most. */
export const rangeNumbersMax = 10_000_000;

export interface AddRangeInput {
  /** First and last number, both included: `+12025550100`. */
  readonly first: string;
  readonly last: string;
  readonly environments: readonly Environment[];
  readonly rejectFile?: string | undefined;
}

/**
 * Takes every number from the first to the last into stock. Both must lie in one country and be of one type.
 *
 * Raises forbidden, invalid_input (first, last, environment).
 */
export async function addRange({ ctx, input }: { ctx: Context; input: AddRangeInput }): Promise<StockResult> {
  const first = readEnd('first', input.first);
  const last = readEnd('last', input.last);
  if (String(first).length !== String(last).length) {
    throw domainError('invalid_input', {
      field: 'last',
      reason: 'must have as many digits as the first number',
    });
  }
  if (last < first) {
    throw domainError('invalid_input', { field: 'last', reason: 'must not be below the first number' });
  }
  if (last - first >= rangeNumbersMax) {
    const reason = `a range has at most ${rangeNumbersMax} numbers; add several`;
    throw domainError('invalid_input', { field: 'last', reason });
  }
  return takeIn(ctx, (placer) => readRange(placer, first, last), {
    environments: input.environments,
    rejectFile: input.rejectFile,
    origin: { first: formatE164(first), last: formatE164(last) },
    action: 'stock.add_range',
  });
}

function readEnd(field: 'first' | 'last', text: string): number {
  const digits = parseE164Lenient(text.trim());
  if (digits === undefined) {
    throw domainError('invalid_input', { field, reason: 'must be an E.164 number such as +12025550100' });
  }
  return digits;
}

async function* readRange(placer: NumberPlacer, first: number, last: number): AsyncGenerator<RawLine[]> {
  refuseMixedRange(placer, first, last);
  for (let start = first; start <= last; start += batchLines) {
    const count = Math.min(batchLines, last - start + 1);
    yield Array.from({ length: count }, (_, index) => lineOf(start + index, start - first + index + 1));
    await nextTurn();
  }
}

/** A slip in one digit makes a range across countries or types; the ends give it away. */
function refuseMixedRange(placer: NumberPlacer, first: number, last: number): void {
  const [from, to] = [placer.place(lineOf(first, 1)), placer.place(lineOf(last, 1))];
  if ('reason' in from) {
    throw domainError('invalid_input', { field: 'first', reason: `${formatE164(first)} ${from.reason}` });
  }
  if ('reason' in to) {
    throw domainError('invalid_input', { field: 'last', reason: `${formatE164(last)} ${to.reason}` });
  }
  if (from.group.country !== to.group.country || from.group.type !== to.group.type) {
    const reason = `is ${to.group.type} in ${to.group.country}, the first number ${from.group.type} in ${from.group.country}`;
    throw domainError('invalid_input', { field: 'last', reason });
  }
}

function lineOf(digits: number, line: number): RawLine {
  const number = formatE164(digits);
  return {
    line,
    number,
    group: '',
    type: '',
    features: '',
    currency: '',
    setup: '',
    recurring: '',
    cycle: '',
  };
}
