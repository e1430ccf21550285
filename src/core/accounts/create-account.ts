import { textFault } from '../../lib/text.js';
import { newAccountId } from '../../lib/ids.js';
import { recordChange } from '../audit/index.js';
import { domainError } from '../errors.js';
import type { Account, Context, Environment } from '../context.js';
import { present } from '../../lib/assert.js';
import { keepStanding, requireOperator } from '../authority/index.js';
import { requireRoom } from '../limits/index.js';
import { inTransaction } from '../../database/transaction.js';
import { countSubAccounts } from './sub-accounts/store.js';
import { findAccountById, findAccountByPublicId, insertAccount } from './store.js';

export const accountNameLengthMax = 200;
const standardPriceList = 1;

export interface CreateAccountInput {
  readonly name: string;
  readonly environment: Environment;
  /** Public id of the parent, for a sub-account: `MA_…`. It pays for the sub-account's numbers. */
  readonly parent?: string | undefined;
}

/**
 * Opens a master account, or a sub-account of a parent. Give it a key and a wallet next.
 *
 * Raises forbidden, invalid_input, not_found (parent), limit_reached.
 */
export async function createAccount({
  ctx,
  input,
}: {
  ctx: Context;
  input: CreateAccountInput;
}): Promise<Account> {
  requireOperator(ctx);
  const name = cleanAccountName(input.name);
  return inTransaction(ctx.sql, (sql) => open({ ...ctx, sql }, { ...input, name }));
}

async function open(
  ctx: Context,
  { name, environment, parent: named }: CreateAccountInput,
): Promise<Account> {
  const parent = named === undefined ? null : await loadParent(ctx, named, environment);
  const id = await insertAccount(ctx.sql, {
    publicId: newAccountId(parent ? 'SA' : 'MA'),
    environment,
    name,
    parentId: parent?.id ?? null,
    priceListId: parent?.priceListId ?? standardPriceList,
    priceDiscountBp: parent?.priceDiscountBp ?? 0,
    createdAt: ctx.clock.now(),
  });
  const account = present(await findAccountById(ctx.sql, id), 'the account was just inserted');
  await recordChange(ctx, {
    environment,
    accountId: id,
    action: 'account.create',
    subjectKind: 'account',
    subjectId: id,
    numberId: null,
    details: { name, account: account.publicId, parent: parent?.publicId ?? null },
  });
  return account;
}

/** Raises invalid_input (name). */
export function cleanAccountName(text: string): string {
  const name = text.trim();
  const reason = textFault(name, accountNameLengthMax);
  if (reason !== undefined) throw domainError('invalid_input', { field: 'name', reason });
  return name;
}

async function loadParent(ctx: Context, publicId: string, environment: Environment): Promise<Account> {
  const parent = await findAccountByPublicId(ctx.sql, publicId);
  if (!parent || parent.environment !== environment) {
    throw domainError('not_found', { kind: 'account', id: publicId });
  }
  if (parent.parentId !== null) {
    throw domainError('invalid_input', { field: 'parent', reason: 'a sub-account cannot have sub-accounts' });
  }
  await keepStanding(ctx, parent, 'alone');
  await requireRoom(ctx.sql, parent, 'sub_accounts_per_account', countSubAccounts);
  return parent;
}
