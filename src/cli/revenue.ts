import { Command, InvalidArgumentError, Option } from 'commander';
import type { Environment } from '../core/context.js';
import { revenue, revenueDimensions } from '../core/ledger/index.js';
import type { RevenueDimension } from '../core/ledger/index.js';
import { dueByDay, dueDaysMax, listPastDues } from '../core/rentals/index.js';
import { e164Of } from '../core/number-id.js';
import { addSeconds, secondsPerDay } from '../lib/clock.js';
import { formatMinor } from '../lib/money.js';
import { readCount } from './arguments.js';
import { jsonOption, print, withOperator } from './surroundings.js';
import type { Surroundings } from './surroundings.js';

const rowsMax = 10_000;

interface RevenueOptions {
  readonly from?: string;
  readonly until?: string;
  readonly by: readonly RevenueDimension[];
  readonly environment: Environment;
  readonly limit: number;
  readonly json?: boolean;
}

const environmentOption = (): Option =>
  new Option('--environment <name>', 'of which environment').choices(['live', 'test']).default('live');

export function revenueCommand(surroundings: Surroundings): Command {
  return new Command('revenue')
    .description('what was earned, by month, country, type and account')
    .option('--from <month>', 'first month, such as 2026-01; the last one unless said')
    .option('--until <month>', 'last month; the running one unless said')
    .option('--by <words>', `any of ${revenueDimensions.join(',')}`, readDimensions, ['month'])
    .option('--limit <count>', 'rows at most', readCount(rowsMax), rowsMax)
    .addOption(environmentOption())
    .option(...jsonOption)
    .action(async (options: RevenueOptions) => showRevenue(surroundings, options));
}

async function showRevenue(surroundings: Surroundings, { json, ...input }: RevenueOptions): Promise<void> {
  const rows = await withOperator(surroundings, (ctx) => revenue({ ctx, input: { ...input, offset: 0 } }));
  const shown = rows.map((row) => ({
    month: row.month,
    country: row.country,
    type: row.type,
    account: row.account,
    account_name: row.accountName,
    currency: row.currency,
    rentals: formatMinor(row.rentalsMinor, row.currency),
    release_fees: formatMinor(row.releaseFeesMinor, row.currency),
    refunds: formatMinor(row.refundsMinor, row.currency),
    adjustments: formatMinor(row.adjustmentsMinor, row.currency),
    total: formatMinor(row.totalMinor, row.currency),
  }));
  const sentences = shown.map(({ month, country, type, account, currency, total }) => {
    const names = [month, country, type, account].filter((name) => name !== null);
    return `${names.join('  ')}  ${total} ${currency}`.trim();
  });
  print(surroundings, json, { revenue: shown }, sentences.length > 0 ? sentences : ['Nothing was earned.']);
}

/** Words with commas between them. */
function readDimensions(text: string): RevenueDimension[] {
  const names = text.split(',').map((name) => name.trim());
  const known = revenueDimensions.filter((dimension) => names.includes(dimension));
  if (known.length !== new Set(names).size)
    throw new InvalidArgumentError(`It must be any of ${revenueDimensions.join(',')}.`);
  return known;
}

export function dueCommand(surroundings: Surroundings): Command {
  return new Command('due')
    .description('what all accounts together will be charged in the next days, by day')
    .option('--days <count>', 'how far ahead', readCount(dueDaysMax), 31)
    .addOption(environmentOption())
    .option(...jsonOption)
    .action(
      async ({ days, environment, json }: { days: number; environment: Environment; json?: boolean }) => {
        const rows = await withOperator(surroundings, (ctx) => {
          const until = addSeconds(ctx.clock.now(), days * secondsPerDay);
          return dueByDay({ ctx, input: { environment, until } });
        });
        const due = rows.map(({ day, charges, amountMinor, currency }) => ({
          day,
          charges,
          amount: formatMinor(amountMinor, currency),
          currency,
        }));
        const sentences = due.map(
          (row) => `${row.day}  ${row.amount} ${row.currency}  (${row.charges} charges)`,
        );
        print(surroundings, json, { due }, sentences.length > 0 ? sentences : ['Nothing falls due.']);
      },
    );
}

export function pastDuesCommand(surroundings: Surroundings): Command {
  return new Command('past-dues')
    .description('rentals whose charge could not be paid, the longest overdue first')
    .option('--limit <count>', 'rentals at most', readCount(rowsMax), 100)
    .addOption(environmentOption())
    .option(...jsonOption)
    .action(
      async ({ limit, environment, json }: { limit: number; environment: Environment; json?: boolean }) => {
        const rows = await withOperator(surroundings, (ctx) =>
          listPastDues({ ctx, input: { environment, limit } }),
        );
        const dues = rows.map((row) => ({
          rental_id: row.rentalId,
          number: e164Of(row.numberId),
          account_id: row.account,
          account_name: row.accountName,
          amount: formatMinor(row.amountMinor, row.currency),
          currency: row.currency,
          since: row.since.toISOString(),
          next_try_at: row.retryAt?.toISOString() ?? null,
        }));
        const sentences = dues.map(
          (row) =>
            `${row.since}  ${row.number}  ${row.amount} ${row.currency}  ${row.account_id} (${row.account_name})`,
        );
        print(
          surroundings,
          json,
          { past_dues: dues },
          sentences.length > 0 ? sentences : ['Everything is paid.'],
        );
      },
    );
}
