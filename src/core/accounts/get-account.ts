import { inTransaction } from '../../database/transaction.js';
import { recordChange } from '../audit/index.js';
import { domainError } from '../errors.js';
import type { Account, Actor, Context } from '../context.js';
import { actFor, requireOperator } from '../authority/index.js';
import { present } from '../../lib/assert.js';
import { findAccountById, findAccountByPublicId, listAccountRows, setBlocked } from './store.js';

/**
 * Loads an account that the actor may see: the operator any, a key its own and the sub-accounts of its own.
 *
 * Raises not_found (account), also for other tenants' accounts.
 */
export async function getAccount({
  ctx,
  input,
}: {
  ctx: Context;
  input: { readonly account: string };
}): Promise<Account> {
  const account = await findAccountByPublicId(ctx.sql, input.account);
  const mine =
    ctx.actor.kind !== 'key' ||
    ctx.actor.account.id === account?.id ||
    ctx.actor.account.id === account?.parentId;
  if (!account || !mine) throw domainError('not_found', { kind: 'account', id: input.account });
  return account;
}

/**
 * The actor who acts for the account named: its own, a sub-account of its own, or any for the operator.
 *
 * Raises account_blocked, and forbidden, also for an account that does not exist or has been deleted.
 */
export async function actForNamed({
  ctx,
  input,
}: {
  ctx: Context;
  input: { readonly account: string };
}): Promise<Actor> {
  const { actor } = ctx;
  if (actor.kind === 'key' && actor.account.publicId === input.account) return actor;
  const account = await findAccountByPublicId(ctx.sql, input.account);
  if (!account || account.status === 'deleted') {
    throw domainError('forbidden', { reason: 'This account is not yours to act for' });
  }
  return actFor(actor, account);
}

/** All accounts in order of creation, a page at a time. Raises forbidden. */
export async function listAccounts({
  ctx,
  input,
}: {
  ctx: Context;
  input: { readonly afterId: number; readonly limit: number };
}): Promise<Account[]> {
  requireOperator(ctx);
  return listAccountRows(ctx.sql, input.afterId, input.limit);
}

/**
 * Blocks an account, or lifts its block. Nobody but the operator acts for a blocked account or its sub-accounts, or
 * spends its money on something new; its numbers stay, and are charged. What its parent has said is not touched.
 * Raises forbidden, not_found (account, also a deleted one).
 */
export async function blockAccount({
  ctx,
  input,
}: {
  ctx: Context;
  input: { readonly account: string; readonly blocked: boolean };
}): Promise<Account> {
  requireOperator(ctx);
  return inTransaction(ctx.sql, async (sql) => {
    const inner = { ...ctx, sql };
    const { id, publicId, environment } = await getAccount({ ctx: inner, input });
    const changed = await setBlocked(sql, id, input.blocked ? ctx.clock.now() : null);
    const account = present(await findAccountById(sql, id), 'an account is never removed');
    if (account.status === 'deleted') throw domainError('not_found', { kind: 'account', id: publicId });
    if (!changed) return account;
    await recordChange(inner, {
      environment,
      accountId: id,
      action: input.blocked ? 'account.block' : 'account.unblock',
      subjectKind: 'account',
      subjectId: id,
      numberId: null,
      details: { account: publicId },
    });
    return account;
  });
}
