import { createHash } from 'node:crypto';
import { Command } from 'commander';
import { currencyWarnings } from '../core/billing/index.js';
import { getAccount } from '../core/accounts/index.js';
import type { Context, Idempotency } from '../core/context.js';
import { idempotently } from '../core/idempotency/index.js';
import { deposit, listWallets } from '../core/ledger/index.js';
import { present } from '../lib/assert.js';
import { formatMinor } from '../lib/money.js';
import { readAmount, readCurrency, readKey } from './arguments.js';
import { jsonOption, print, withOperator } from './surroundings.js';
import type { Surroundings } from './surroundings.js';

interface DepositOptions {
  readonly account: string;
  readonly amount: string;
  readonly currency: string;
  readonly reference?: string;
  readonly key?: string;
  readonly json?: boolean;
}

export function walletCommand(surroundings: Surroundings): Command {
  const wallet = new Command('wallet').description('money of tenants');
  wallet
    .command('deposit')
    .description("put money into an account's wallet, which is opened on first use")
    .requiredOption('--account <id>', 'the account')
    .requiredOption('--amount <amount>', 'how much, such as 50.00')
    .requiredOption('--currency <code>', 'in which currency', readCurrency)
    .option('--reference <text>', 'what the ledger should say about it')
    .option('--key <key>', 'an idempotency key: a repeat with it deposits nothing and says the same', readKey)
    .option(...jsonOption)
    .action(async (options: DepositOptions) => run(surroundings, options));
  return wallet;
}

async function run(surroundings: Surroundings, options: DepositOptions): Promise<void> {
  const { currency } = options;
  const amountMinor = readAmount('amount', options.amount, currency);
  const { transferId, balanceMinor, warnings } = await withOperator(surroundings, (ctx) =>
    idempotently({ ...ctx, idempotency: idempotencyOf(options, amountMinor) }, async (inner) => {
      const result = await depositInto(inner, options, amountMinor);
      return { result, subject: { kind: 'transfer', id: result.transferId } };
    }),
  );
  const amount = formatMinor(amountMinor, currency);
  const balance = formatMinor(balanceMinor, currency);
  const result = {
    account_id: options.account,
    currency,
    amount,
    balance,
    transfer_id: transferId,
    ...(warnings.length > 0 ? { warnings } : {}),
  };
  print(surroundings, options.json, result, [
    `Deposited ${amount} ${currency}; account ${options.account} has ${balance} ${currency} now.`,
    ...warnings.map((warning) => `Warning: ${warning}.`),
  ]);
}

/** The key of a deposit with a hash of what it asks for: the same key with another deposit is refused. */
function idempotencyOf(options: DepositOptions, amountMinor: number): Idempotency | undefined {
  const { key, account, currency, reference = null } = options;
  if (key === undefined) return undefined;
  const asked = JSON.stringify(['wallet deposit', account, amountMinor, currency, reference]);
  return { key, requestHash: createHash('sha256').update(asked).digest() };
}

async function depositInto(
  ctx: Context,
  { account: publicId, currency, reference }: DepositOptions,
  amountMinor: number,
): Promise<{ transferId: number; balanceMinor: number; warnings: string[] }> {
  const account = await getAccount({ ctx, input: { account: publicId } });
  const { transferId } = await deposit({ ctx, input: { account, amountMinor, currency, reference } });
  // Read once the wallet is locked by the transfer: purchases may have gone on until then.
  const wallets = await listWallets({ ctx, input: { account } });
  const wallet = present(
    wallets.find((candidate) => candidate.currency === currency),
    'the wallet was just paid into',
  );
  const warnings = await currencyWarnings({ ctx, input: { account, currency } });
  return { transferId, balanceMinor: wallet.balanceMinor, warnings };
}
