import { Command, Option } from 'commander';
import { createAccount, createKey, getAccount } from '../core/accounts/index.js';
import type { CreatedKey } from '../core/accounts/index.js';
import { currencyWarnings } from '../core/billing/index.js';
import type { Account, Context, Environment } from '../core/context.js';
import { deposit, openWallet } from '../core/ledger/index.js';
import { inTransaction } from '../database/transaction.js';
import { formatMinor } from '../lib/money.js';
import { readAmount, readCurrency } from './arguments.js';
import { jsonOption, print, withOperator } from './surroundings.js';
import type { Surroundings } from './surroundings.js';

interface CreateOptions {
  readonly name: string;
  readonly currency: string;
  readonly balance: string;
  readonly parent?: string;
  readonly environment?: Environment;
  readonly json?: boolean;
}

export function accountCommand(surroundings: Surroundings): Command {
  const account = new Command('account').description('accounts of tenants');
  account
    .command('create')
    .description('open an account with a wallet and a key; the key is shown once')
    .requiredOption('--name <name>', 'what the account is called')
    .option('--currency <code>', 'currency of its wallet', readCurrency, 'EUR')
    .option('--balance <amount>', 'money to put into it, such as 100.00', '0')
    .option('--parent <id>', 'the account that pays, for a sub-account: MA_…')
    .addOption(
      new Option('--environment <name>', "live or test; a sub-account is in its parent's").choices([
        'live',
        'test',
      ]),
    )
    .option(...jsonOption)
    .action(async (options: CreateOptions) => create(surroundings, options));
  return account;
}

async function create(surroundings: Surroundings, options: CreateOptions): Promise<void> {
  const { currency } = options;
  const amountMinor = readAmount('balance', options.balance, currency);
  const { account, key, balanceMinor, warnings } = await withOperator(surroundings, (ctx) =>
    inTransaction(ctx.sql, (tx) => openAll({ ...ctx, sql: tx }, options, amountMinor)),
  );
  const balance = formatMinor(balanceMinor, currency);
  const result = {
    account_id: account.publicId,
    api_key: key.apiKey,
    key_id: key.id,
    name: account.name,
    currency,
    balance,
    environment: account.environment,
    parent: options.parent ?? null,
    ...(warnings.length > 0 ? { warnings } : {}),
  };
  print(surroundings, options.json, result, [
    `Account  ${account.publicId} (${account.name}, ${account.environment})`,
    `API key  ${key.apiKey} (id ${key.id})`,
    `Balance  ${balance} ${currency}`,
    'The key is not shown again.',
    ...warnings.map((warning) => `Warning  ${warning}.`),
  ]);
}

/** Account, wallet and key, all or none: an account that nobody can use is of no use. A parent's wallet pays. */
async function openAll(
  ctx: Context,
  { name, currency, parent, environment }: CreateOptions,
  amountMinor: number,
): Promise<{ account: Account; key: CreatedKey; balanceMinor: number; warnings: string[] }> {
  const where = environment ?? (await environmentOfParent(ctx, parent));
  const account = await createAccount({ ctx, input: { name, environment: where, parent } });
  if (amountMinor > 0) await deposit({ ctx, input: { account, amountMinor, currency } });
  else if (account.parentId === null) await openWallet({ ctx, input: { account, currency } });
  const key = await createKey({ ctx, input: { account, scope: 'full' } });
  const warnings =
    account.parentId === null ? await currencyWarnings({ ctx, input: { account, currency } }) : [];
  return { account, key, balanceMinor: amountMinor, warnings };
}

async function environmentOfParent(ctx: Context, parent: string | undefined): Promise<Environment> {
  return parent === undefined ? 'live' : (await getAccount({ ctx, input: { account: parent } })).environment;
}
