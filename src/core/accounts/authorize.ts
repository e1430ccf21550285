import { domainError } from '../errors.js';
import type { Account, Context } from '../context.js';

/** The account that acts; an operator's key has none. Raises forbidden, account_blocked. */
export function actingAccount(ctx: Context): Account {
  if (ctx.actor.kind !== 'key') {
    throw domainError('forbidden', { reason: 'This needs the key of an account, not an admin key' });
  }
  const { account } = ctx.actor;
  if (account.status === 'blocked') throw domainError('account_blocked', { account: account.publicId });
  return account;
}

/** The acting account, allowed to write. Raises forbidden, account_blocked. */
export function writingAccount(ctx: Context): Account {
  const account = actingAccount(ctx);
  if (ctx.actor.kind === 'key' && ctx.actor.scope === 'read') {
    throw domainError('forbidden', { reason: 'This key may only read' });
  }
  return account;
}

/** Raises forbidden unless the operator or Numex itself acts. */
export function requireOperator(ctx: Context): void {
  if (ctx.actor.kind === 'key') throw domainError('forbidden', { reason: 'This needs an admin key' });
}
