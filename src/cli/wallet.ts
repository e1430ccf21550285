import { createHash } from 'node:crypto';
import { Command } from 'commander';
import { currencyWarnings } from '../core/billing/index.js';
import { getAccount } from '../core/accounts/index.js';
import type { Account, Context, Idempotency } from '../core/context.js';
import { idempotently } from '../core/idempotency/index.js';
import { adjust, deposit, listWallets, refund, withdraw } from '../core/ledger/index.js';
import type { MovedMoney } from '../core/ledger/index.js';
import { formatMinor } from '../lib/money.js';
import { readAmount, readCurrency, readKey, readSignedAmount } from './arguments.js';
import { statementCommand } from './statement.js';
import { jsonOption, print, withOperator } from './surroundings.js';
import type { Surroundings } from './surroundings.js';

interface MoneyOptions {
  readonly account: string;
  readonly amount: string;
  readonly currency: string;
  readonly reference?: string;
  readonly reason?: string;
  readonly key?: string;
  readonly json?: boolean;
}

type Money = { readonly account: Account; readonly amountMinor: number; readonly currency: string };

/** A command that moves money: how it is described, and which verb it calls. */
interface MoneyCommand {
  readonly name: string;
  readonly says: string;
  readonly done: string;
  readonly move: (ctx: Context, money: Money, options: MoneyOptions) => Promise<MovedMoney>;
}

const commands: readonly MoneyCommand[] = [
  {
    name: 'deposit',
    says: "put money into an account's wallet, which is opened on first use",
    done: 'Deposited',
    move: (ctx, money, { reference }) => deposit({ ctx, input: { ...money, reference } }),
  },
  {
    name: 'refund',
    says: "give an account money back out of the operator's revenue",
    done: 'Refunded',
    move: (ctx, money, { reason = '' }) => refund({ ctx, input: { ...money, reason } }),
  },
  {
    name: 'adjust',
    says: 'correct what an account was charged: a positive amount goes to it, a negative one is taken',
    done: 'Adjusted by',
    move: (ctx, money, { reason = '' }) => adjust({ ctx, input: { ...money, reason } }),
  },
  {
    name: 'withdraw',
    says: "pay an account's money out, down to its credit limit at most",
    done: 'Withdrew',
    move: (ctx, money, { reason = '' }) => withdraw({ ctx, input: { ...money, reason } }),
  },
];

export function walletCommand(surroundings: Surroundings): Command {
  const wallet = new Command('wallet').description('money of tenants');
  wallet
    .command('list')
    .description("an account's wallets, first opened first")
    .requiredOption('--account <id>', 'the account')
    .option(...jsonOption)
    .action(async (options: { account: string; json?: boolean }) => list(surroundings, options));
  wallet.addCommand(statementCommand(surroundings));
  for (const command of commands) addMoneyCommand(wallet, command, surroundings);
  return wallet;
}

function addMoneyCommand(wallet: Command, money: MoneyCommand, surroundings: Surroundings): void {
  const command = wallet
    .command(money.name)
    .description(money.says)
    .requiredOption('--account <id>', 'the account')
    .requiredOption('--amount <amount>', 'how much, such as 50.00')
    .requiredOption('--currency <code>', 'in which currency', readCurrency)
    .option(
      '--key <key>',
      'an idempotency key: a repeat with it moves no money again and says the same',
      readKey,
    )
    .option(...jsonOption)
    .action(async (options: MoneyOptions) => run(surroundings, money, options));
  if (money.name === 'deposit') command.option('--reference <text>', 'what the ledger should say about it');
  else command.requiredOption('--reason <text>', 'why, for the ledger, the statement and the audit trail');
}

async function run(
  surroundings: Surroundings,
  { name, done, move }: MoneyCommand,
  options: MoneyOptions,
): Promise<void> {
  const { account: named, currency } = options;
  const amountMinor = (name === 'adjust' ? readSignedAmount : readAmount)('amount', options.amount, currency);
  const perform = async (inner: Context) => {
    const account = await getAccount({ ctx: inner, input: { account: named } });
    const { wallet, transferId } = await move(inner, { account, amountMinor, currency }, options);
    const warnings =
      name === 'deposit' ? await currencyWarnings({ ctx: inner, input: { account, currency } }) : [];
    const result = { transferId, balanceMinor: wallet.balanceMinor, warnings };
    return { result, subject: { kind: 'transfer', id: transferId } };
  };
  const { transferId, balanceMinor, warnings } = await withOperator(surroundings, (ctx) =>
    idempotently({ ...ctx, idempotency: idempotencyOf(name, options, amountMinor) }, perform),
  );
  const amount = formatMinor(amountMinor, currency);
  const balance = formatMinor(balanceMinor, currency);
  const result = {
    account_id: named,
    currency,
    amount,
    balance,
    transfer_id: transferId,
    ...(warnings.length > 0 ? { warnings } : {}),
  };
  print(surroundings, options.json, result, [
    `${done} ${amount} ${currency}; account ${named} has ${balance} ${currency} now.`,
    ...warnings.map((warning) => `Warning: ${warning}.`),
  ]);
}

/** The key of a movement with a hash of what it asks for: the same key with another one is refused. */
function idempotencyOf(name: string, options: MoneyOptions, amountMinor: number): Idempotency | undefined {
  const { key, account, currency, reference, reason } = options;
  if (key === undefined) return undefined;
  const asked = JSON.stringify([
    `wallet ${name}`,
    account,
    amountMinor,
    currency,
    reference ?? reason ?? null,
  ]);
  return { key, requestHash: createHash('sha256').update(asked).digest() };
}

async function list(
  surroundings: Surroundings,
  { account: named, json }: { readonly account: string; readonly json?: boolean },
): Promise<void> {
  const wallets = await withOperator(surroundings, async (ctx) =>
    listWallets({ ctx, input: { account: await getAccount({ ctx, input: { account: named } }) } }),
  );
  const rows = wallets.map((wallet) => ({
    currency: wallet.currency,
    balance: formatMinor(wallet.balanceMinor, wallet.currency),
    credit_limit: formatMinor(wallet.creditLimitMinor, wallet.currency),
  }));
  print(
    surroundings,
    json,
    { account_id: named, wallets: rows },
    rows.map(
      ({ currency, balance, credit_limit: limit }) => `${currency}  ${balance}  (credit limit ${limit})`,
    ),
  );
}
