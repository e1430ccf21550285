import { onePass } from '../../../database/transaction.js';
import type { Pool, Sql } from '../../../database/connection.js';
import { requireOperator } from '../../authority/index.js';
import { recordChange } from '../../audit/index.js';
import { listAllGroups, listPrefixRows } from '../../catalogue/index.js';
import type { Context, Environment } from '../../context.js';
import { domainError } from '../../errors.js';
import { RejectFile } from '../../line-file/index.js';
import type { RejectedLine } from '../../line-file/index.js';
import { countryNo, numberIdOf, typeLetter } from '../number-row.js';
import { NumberPlacer } from './place-number.js';
import type { PlacedNumber } from './place-number.js';
import type { RawLine } from './raw-line.js';
import * as store from './store.js';

/** Numbers copied and merged with one statement: PostgreSQL works on these while the next ones are being read. */
const chunkNumbers = 25_000;
/** An import of this size changes what the planner should think of the table. */
const analyzeFrom = 1000;

export interface StockResult {
  /** Lines read, without the header; or numbers in the range. */
  readonly lines: number;
  /** Numbers that are new in stock; a line counts once per environment. */
  readonly imported: number;
  /** Numbers that were there before, in whatever state: they stay as they are. */
  readonly already: number;
  readonly rejected: number;
  /** Where the rejected lines are, with the reason of each. */
  readonly rejectFile: string | null;
  /** The first of them. */
  readonly rejectSamples: readonly RejectedLine<'number'>[];
}

export interface TakeInOptions {
  readonly environments: readonly Environment[];
  readonly rejectFile?: string | undefined;
  /** What the audit row says of the origin. */
  readonly origin: Readonly<Record<string, unknown>>;
  readonly action: 'stock.import' | 'stock.add_range';
}

/** What the lines are read by, once the groups are known. */
export type LineSource = (placer: NumberPlacer) => AsyncIterable<readonly RawLine[]>;

/**
 * Takes lines into stock in one transaction: all good ones with their audit row, or none. A line that is bad is put
 * aside with its reason and does not stop the others. A stream can be read once only, so nothing is tried again here.
 * Raises forbidden, invalid_input (environment), and whatever the source raises.
 */
export async function takeIn(ctx: Context, source: LineSource, options: TakeInOptions): Promise<StockResult> {
  requireOperator(ctx);
  if (options.environments.length === 0) {
    throw domainError('invalid_input', { field: 'environment', reason: 'must be live, test or both' });
  }
  const rejects = await RejectFile.prepare('number', options.rejectFile);
  try {
    return await inOneTransaction(ctx.sql, (tx) =>
      takeInLocked({ ...ctx, sql: tx }, source, options, rejects),
    );
  } finally {
    await rejects.close();
  }
}

async function inOneTransaction<T>(sql: Sql, work: (tx: Sql) => Promise<T>): Promise<T> {
  return 'begin' in sql ? onePass(sql as Pool, work) : work(sql);
}

async function takeInLocked(
  ctx: Context,
  source: LineSource,
  options: TakeInOptions,
  rejects: RejectFile<'number'>,
): Promise<StockResult> {
  await store.lockCatalogue(ctx.sql);
  const [groups, prefixes] = await Promise.all([listAllGroups(ctx.sql), listPrefixRows(ctx.sql)]);
  const placer = new NumberPlacer(groups, prefixes);
  await store.createStaging(ctx.sql);
  const environments = [...new Set(options.environments)];
  const merger = new ChunkMerger(ctx.sql, environments);
  let lines = 0;
  try {
    for await (const batch of source(placer)) {
      lines += batch.length;
      const rejected: RejectedLine<'number'>[] = [];
      for (const raw of batch) {
        const placed = placer.place(raw);
        if ('reason' in placed) rejected.push({ line: raw.line, number: raw.number, reason: placed.reason });
        else merger.add(placed);
      }
      await rejects.add(rejected);
      await merger.flushIfFull();
    }
  } finally {
    await merger.settle();
  }
  const imported = await merger.finish();
  await store.dropStaging(ctx.sql);
  if (imported >= analyzeFrom) await store.analyzeNumbers(ctx.sql);
  const already = (lines - rejects.count) * environments.length - imported;
  const counts = { lines, imported, already, rejected: rejects.count };
  await recordChange(ctx, {
    environment: environments.length === 1 ? (environments[0] ?? null) : null,
    accountId: null,
    action: options.action,
    subjectKind: 'stock',
    subjectId: 0,
    numberId: null,
    details: { ...options.origin, environments, ...counts },
  });
  return { ...counts, rejectFile: rejects.path, rejectSamples: rejects.samples };
}

/** Gathers rows and merges them chunk by chunk, one chunk ahead of what PostgreSQL has finished. */
class ChunkMerger {
  readonly #tx: Sql;
  readonly #environments: readonly Environment[];
  #rows: string[] = [];
  #priced = false;
  #merging: Promise<void> = Promise.resolve();
  #imported = 0;

  constructor(tx: Sql, environments: readonly Environment[]) {
    this.#tx = tx;
    this.#environments = environments;
  }

  add(placed: PlacedNumber): void {
    for (const environment of this.#environments) this.#rows.push(copyLine(placed, environment));
    this.#priced ||= placed.price !== undefined;
  }

  async flushIfFull(): Promise<void> {
    if (this.#rows.length >= chunkNumbers) await this.#flush();
  }

  /** Waits for what is under way, whether it succeeds or not, so that the transaction is ours alone again. */
  async settle(): Promise<void> {
    await this.#merging.catch(() => undefined);
  }

  /** Merges the rest, and says how many numbers were new in all. */
  async finish(): Promise<number> {
    await this.#flush();
    await this.#merging;
    return this.#imported;
  }

  async #flush(): Promise<void> {
    const text = this.#rows.join('');
    const priced = this.#priced;
    this.#rows = [];
    this.#priced = false;
    await this.#merging;
    this.#merging = this.#merge(text, priced);
    // Whoever awaits it next hears of a failure; until then it must not count as unhandled.
    this.#merging.catch(() => undefined);
  }

  async #merge(text: string, priced: boolean): Promise<void> {
    if (text === '') return;
    await store.stageNumbers(this.#tx, text);
    this.#imported += await (priced ? store.mergePricedNumbers(this.#tx) : store.mergeNumbers(this.#tx));
  }
}

/** A row in the text form of COPY. Nothing in it comes from the file as it was: digits, ids and known words only. */
function copyLine({ digits, group, features, price }: PlacedNumber, environment: Environment): string {
  const id = numberIdOf(digits, environment);
  const place = `${group.id}\t${group.cityId ?? '\\N'}\t${countryNo(group.country)}\t${group.regionId ?? '\\N'}`;
  const cost = price
    ? `${price.currency}\t${price.setupMinor}\t${price.recurringMinor}\t${price.cycle}`
    : '\\N\t\\N\t\\N\t\\N';
  return `${id}\t${place}\t${features}\t${typeLetter(group.type)}\t${cost}\n`;
}
