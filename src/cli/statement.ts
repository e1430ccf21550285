import { Command, Option } from 'commander';
import { getAccount } from '../core/accounts/index.js';
import { statementCsv, statementHtml, wholeStatement } from '../core/ledger/index.js';
import type { WholeStatement } from '../core/ledger/index.js';
import { e164Of } from '../core/number-id.js';
import { formatMinor } from '../lib/money.js';
import { readCurrency } from './arguments.js';
import { jsonOption, withOperator } from './surroundings.js';
import type { Surroundings } from './surroundings.js';

type Format = 'text' | 'json' | 'csv' | 'html';

interface StatementOptions {
  readonly account: string;
  readonly currency: string;
  readonly month?: string;
  readonly format: Format;
  readonly json?: boolean;
}

/** `numex wallet statement`. */
export function statementCommand(surroundings: Surroundings): Command {
  return new Command('statement')
    .description('what moved in a wallet in a month, with opening and closing balance')
    .requiredOption('--account <id>', 'the account')
    .requiredOption('--currency <code>', 'the wallet', readCurrency)
    .option('--month <month>', 'such as 2026-03, in UTC; the running one unless said')
    .addOption(
      new Option('--format <format>', 'how it is written')
        .choices(['text', 'json', 'csv', 'html'])
        .default('text'),
    )
    .option(...jsonOption)
    .action(async (options: StatementOptions) => print(surroundings, options));
}

async function print(
  surroundings: Surroundings,
  { account: named, currency, month, format, json }: StatementOptions,
): Promise<void> {
  await withOperator(surroundings, async (ctx) => {
    const account = await getAccount({ ctx, input: { account: named } });
    const statement = await wholeStatement({ ctx, input: { account, currency, month } });
    for await (const piece of writers[json ? 'json' : format](statement)) surroundings.out(piece);
  });
}

const writers: Readonly<Record<Format, (statement: WholeStatement) => AsyncIterable<string>>> = {
  csv: statementCsv,
  html: statementHtml,
  json: statementJson,
  text: statementLines,
};

/** One document, written as its lines are read; amounts in major units, as all commands have them. */
async function* statementJson(statement: WholeStatement): AsyncGenerator<string> {
  const { account, currency, month, openingMinor, batches } = statement;
  const amount = (minor: number): string => formatMinor(minor, currency);
  const head = {
    account_id: account.publicId,
    currency,
    month: month.name,
    opening_balance: amount(openingMinor),
  };
  yield `${JSON.stringify(head).slice(0, -1)},"lines":[`;
  let closingMinor = openingMinor;
  let separator = '';
  for await (const lines of batches) {
    for (const line of lines) {
      const { id, kind, direction, numberId, reference, createdAt, amountMinor, balanceMinor } = line;
      const number = numberId === null ? null : e164Of(numberId);
      const shown = {
        transfer_id: id,
        kind,
        direction,
        number,
        reference,
        created_at: createdAt.toISOString(),
      };
      yield `${separator}${JSON.stringify({ ...shown, amount: amount(amountMinor), balance: amount(balanceMinor) })}`;
      separator = ',';
    }
    closingMinor = lines.at(-1)?.balanceMinor ?? closingMinor;
  }
  yield `],"closing_balance":${JSON.stringify(amount(closingMinor))}}\n`;
}

async function* statementLines(statement: WholeStatement): AsyncGenerator<string> {
  const { account, currency, month, openingMinor, batches } = statement;
  const amount = (minor: number): string => formatMinor(minor, currency).padStart(14);
  yield `Statement ${month.name} of ${account.publicId} (${account.name}), ${currency}\n`;
  yield `${'Opening balance'.padEnd(52)}${amount(openingMinor)}\n`;
  let closingMinor = openingMinor;
  for await (const lines of batches) {
    for (const { createdAt, kind, direction, numberId, reference, amountMinor, balanceMinor } of lines) {
      const signed = direction === 'credit' ? amountMinor : -amountMinor;
      const about = [numberId === null ? '' : e164Of(numberId), reference ?? ''].filter(
        (part) => part !== '',
      );
      const what = `${createdAt.toISOString().slice(0, 16)}Z  ${kind.padEnd(18)}`;
      yield `${what}${amount(signed)}  ${amount(balanceMinor)}  ${about.join(' ')}\n`;
    }
    closingMinor = lines.at(-1)?.balanceMinor ?? closingMinor;
  }
  yield `${'Closing balance'.padEnd(52)}${amount(closingMinor)}\n`;
}
