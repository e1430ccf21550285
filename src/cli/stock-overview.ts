import { Command, Option } from 'commander';
import { getAccount } from '../core/accounts/index.js';
import { getGroup, numberTypes } from '../core/catalogue/index.js';
import type { NumberType } from '../core/catalogue/index.js';
import type { Context, Environment } from '../core/context.js';
import { domainError } from '../core/errors.js';
import { e164Of, numberIdOf } from '../core/number-id.js';
import {
  countKeys,
  countPageMax,
  countStock,
  historyPageMax,
  listStock,
  numberHistory,
  stockStates,
} from '../core/stock/index.js';
import type { CountStockInput, StockCount, StockNumber, StockState } from '../core/stock/index.js';
import { parseE164 } from '../lib/e164.js';
import { readCount, readCurrency, readId } from './arguments.js';
import { jsonOption, print, withOperator } from './surroundings.js';
import type { Surroundings } from './surroundings.js';

/** The commands that look at stock: list, count and show. */

const pageMax = 100;
/** Rows of each part of a number's past that are shown when nobody says how many. */
const shownDefault = 10;

interface PlaceOptions {
  readonly environment: Environment;
  readonly country?: string;
  readonly region?: number;
  readonly group?: string;
  readonly type?: NumberType;
  readonly json?: boolean;
}

interface ListOptions extends PlaceOptions {
  readonly city?: number;
  readonly startsWith?: string;
  readonly contains?: string;
  readonly endsWith?: string;
  readonly pattern?: string;
  readonly state?: StockState;
  readonly holder?: string;
  readonly ownPriceIn?: string;
  readonly maxRecurringMinor?: number;
  readonly limit: number;
  readonly cursor?: string;
}

export function listCommand(surroundings: Surroundings): Command {
  return placeOptions(new Command('list'))
    .description('numbers in whatever state, with their holders')
    .option('--city <id>', 'only of this city', readId)
    .option('--starts-with <digits>', 'first digits')
    .option('--contains <digits>', 'digits anywhere in the number')
    .option('--ends-with <digits>', 'last digits')
    .option('--pattern <pattern>', '* for any digits, ? for one')
    .addOption(new Option('--state <state>', 'only in this state').choices(stockStates))
    .option('--holder <account>', 'rented by this account or, with --state held, held by it')
    .option('--own-price-in <currency>', 'with a price of their own in this currency', readCurrency)
    .option(
      '--max-recurring-minor <amount>',
      'whose own recurring price is at most this, in minor units',
      readId,
    )
    .option('--limit <count>', 'numbers at most', readCount(pageMax), pageMax)
    .option('--cursor <cursor>', 'where the next page begins')
    .option(...jsonOption)
    .action(async (options: ListOptions) => list(surroundings, options));
}

export function countCommand(surroundings: Surroundings): Command {
  return placeOptions(new Command('count'))
    .description('how many numbers there are in each state')
    .addOption(new Option('--by <what>', 'a row for each').choices(countKeys))
    .option(...jsonOption)
    .action(async (options: PlaceOptions & { by?: CountStockInput['by'] }) => count(surroundings, options));
}

export function showCommand(surroundings: Surroundings): Command {
  return new Command('show')
    .description('one number: its state, holder, rentals, holds, moves, calls and audit entries')
    .argument('<number>', 'such as +12025550100')
    .option('--test', 'the number of the test environment')
    .option('--limit <count>', 'rows of each part at most', readCount(historyPageMax), shownDefault)
    .option(...jsonOption)
    .action(async (number: string, options: { test?: boolean; limit: number; json?: boolean }) =>
      show(surroundings, number, options),
    );
}

/** A number's row id by its E.164 spelling. Raises invalid_input. */
export function readNumber(number: string, test: boolean | undefined): number {
  const digits = parseE164(number);
  if (digits === undefined) {
    throw domainError('invalid_input', { field: 'number', reason: 'must be in E.164 such as +12025550100' });
  }
  return numberIdOf(digits, test ? 'test' : 'live');
}

function placeOptions(command: Command): Command {
  return command
    .addOption(new Option('--environment <name>', 'of the numbers').choices(['live', 'test']).default('live'))
    .option('--country <code>', 'only of this country, such as US')
    .option('--region <id>', 'only of this region', readId)
    .option('--group <id>', 'only of this group')
    .addOption(new Option('--type <type>', 'only of this type').choices(numberTypes));
}

async function groupIdOf(ctx: Context, group: string | undefined): Promise<number | undefined> {
  return group === undefined ? undefined : (await getGroup({ ctx, input: { group } })).id;
}

async function list(surroundings: Surroundings, options: ListOptions): Promise<void> {
  const { environment, country, region, city, group, type, holder, limit, cursor, json } = options;
  const { numbers, nextCursor } = await withOperator(surroundings, async (ctx) =>
    listStock({
      ctx,
      input: {
        filters: {
          environment,
          country,
          regionId: region,
          cityId: city,
          groupId: await groupIdOf(ctx, group),
          type,
          startsWith: options.startsWith,
          contains: options.contains,
          endsWith: options.endsWith,
          pattern: options.pattern,
          state: options.state,
          holder: holder === undefined ? undefined : await getAccount({ ctx, input: { account: holder } }),
          ownPriceIn: options.ownPriceIn,
          recurringMinorMax: options.maxRecurringMinor,
        },
        limit,
        cursor,
      },
    }),
  );
  print(surroundings, json, { data: numbers.map(rowOf), next_cursor: nextCursor }, [
    ...numbers.map(lineOf),
    ...(nextCursor === null ? [] : [`More: --cursor ${nextCursor}`]),
  ]);
}

function rowOf(number: StockNumber) {
  return {
    number: e164Of(number.id),
    environment: number.environment,
    state: number.state,
    country: number.country,
    type: number.type,
    group: number.group,
    location: number.location,
    holder: number.holder?.account ?? null,
    held_until: number.heldUntil?.toISOString() ?? null,
    rests_until: number.restsUntil?.toISOString() ?? null,
    own_prices: number.ownPrices,
  };
}

function lineOf(number: StockNumber): string {
  const { country, type, location, state, holder } = number;
  const who = holder ? `  ${holder.account} ${holder.name}` : '';
  return `${e164Of(number.id).padEnd(17)} ${state.padEnd(21)} ${country} ${type.padEnd(10)} ${location}${who}`;
}

async function count(
  surroundings: Surroundings,
  { by, environment, country, region, group, type, json }: PlaceOptions & { by?: CountStockInput['by'] },
): Promise<void> {
  const { counts, isExact } = await withOperator(surroundings, async (ctx) => {
    const groupId = await groupIdOf(ctx, group);
    const filters = { environment, country: country?.toUpperCase(), regionId: region, groupId, type };
    return countAll((afterKey) => countStock({ ctx, input: { by, filters, afterKey, limit: countPageMax } }));
  });
  const rows = counts.map(({ name, total, states }) => ({ key: name, total, ...states }));
  print(surroundings, json, { data: rows, is_exact: isExact }, [
    ...counts.map(countLine),
    ...(isExact
      ? []
      : ['More rentals wait or are being released than are counted; they are among the rented.']),
  ]);
}

/** Every page of the counts. */
async function countAll(page: (afterKey: number | undefined) => ReturnType<typeof countStock>) {
  const counts: StockCount[] = [];
  let isExact = true;
  for (;;) {
    const next = await page(counts.at(-1)?.key);
    counts.push(...next.counts);
    isExact &&= next.isExact;
    if (next.counts.length < countPageMax) return { counts, isExact };
  }
}

function countLine({ name, total, states }: StockCount): string {
  const parts = Object.entries(states).filter(([, numbers]) => numbers > 0);
  const told = parts.map(([state, numbers]) => `${numbers} ${state}`).join(', ');
  return `${(name ?? '-').padEnd(16)} ${String(total).padStart(9)}  ${told}`;
}

async function show(
  surroundings: Surroundings,
  text: string,
  { test, limit, json }: { test?: boolean; limit: number; json?: boolean },
): Promise<void> {
  const numberId = readNumber(text, test);
  const { number, parts } = await withOperator(surroundings, (ctx) =>
    numberHistory({ ctx, input: { numberId, limit } }),
  );
  const past = Object.entries(parts).flatMap(([part, rows]) =>
    rows.map(({ at, account, state, until, facts }) => {
      const told = [account, state, until && `until ${until.toISOString()}`].filter(Boolean).join(' ');
      return `${part.padEnd(8)} ${at.toISOString()} ${told} ${JSON.stringify(facts)}`;
    }),
  );
  print(surroundings, json, { ...rowOf(number), ...parts }, [lineOf(number), ...past]);
}
