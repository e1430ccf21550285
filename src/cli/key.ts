import { Command, Option } from 'commander';
import { createKey, getAccount, revokeKey } from '../core/accounts/index.js';
import type { Context, KeyScope } from '../core/context.js';
import { inTransaction } from '../database/transaction.js';
import { readId } from './arguments.js';
import { jsonOption, print, withOperator } from './surroundings.js';
import type { Surroundings } from './surroundings.js';

interface CreateOptions {
  readonly account?: string;
  readonly scope: KeyScope;
  readonly json?: boolean;
}

export function keyCommand(surroundings: Surroundings): Command {
  const key = new Command('key').description('API keys');
  key
    .command('create')
    .description("make a key of an account, or the operator's own; it is shown once")
    .option('--account <id>', 'the account it is for; an admin key has none')
    .addOption(
      new Option('--scope <scope>', 'what it may do').choices(['full', 'read', 'admin']).default('full'),
    )
    .option(...jsonOption)
    .action(async (options: CreateOptions, command: Command) => {
      if ((options.scope === 'admin') !== (options.account === undefined)) {
        command.error('error: an admin key has no --account, any other needs one');
      }
      await create(surroundings, options);
    });
  key
    .command('revoke')
    .description('make a key stop working, at once')
    .argument('<id>', 'id of the key, as "numex key create" printed it', readId)
    .option(...jsonOption)
    .action(async (keyId: number, options: { json?: boolean }) => {
      await withOperator(surroundings, (ctx) =>
        inTransaction(ctx.sql, (tx) => revokeKey({ ctx: { ...ctx, sql: tx }, input: { keyId } })),
      );
      print(surroundings, options.json, { key_id: keyId, revoked: true }, [`Key ${keyId} is revoked.`]);
    });
  return key;
}

async function create(surroundings: Surroundings, { account, scope, json }: CreateOptions): Promise<void> {
  const make = async (ctx: Context) => {
    const owner = account === undefined ? null : await getAccount({ ctx, input: { account } });
    return createKey({ ctx, input: { account: owner, scope } });
  };
  const { id, apiKey } = await withOperator(surroundings, (ctx) =>
    inTransaction(ctx.sql, (tx) => make({ ...ctx, sql: tx })),
  );
  const result = { api_key: apiKey, key_id: id, scope, account_id: account ?? null };
  print(surroundings, json, result, [
    `API key  ${apiKey} (${scope}, id ${id})`,
    'The key is not shown again.',
  ]);
}
