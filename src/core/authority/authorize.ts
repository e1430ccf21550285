import { domainError } from '../errors.js';
import type { Account } from './account.js';
import type { Actor } from './actor.js';

/** What authority needs to know of a context. */
interface Acting {
  readonly actor: Actor;
}

type KeyActor = Extract<Actor, { kind: 'key' }>;

/** What a key may do at all. Raises account_blocked, read_only_key. */
export function checkKey(actor: KeyActor, reads: boolean): void {
  requireStanding(actor, actor.account);
  if (actor.scope === 'read' && !reads) throw domainError('read_only_key', { scope: 'read' });
}

/**
 * Whether the actor may act for an account as it stands: its own key while neither it nor its payer is blocked, disabled
 * or deleted; its parent also while it is disabled; the operator and Numex itself unless it is deleted.
 * Raises account_blocked, not_found (account).
 */
export function requireStanding(actor: Actor, account: Account): void {
  const { publicId, status, payerStatus } = account;
  if (actor.kind !== 'key') {
    if (status === 'deleted') throw domainError('not_found', { kind: 'account', id: publicId });
    return;
  }
  const byParent = actor.account.id === account.parentId;
  const stands = status === 'active' || (byParent && status === 'disabled');
  if (!stands || (payerStatus ?? 'active') !== 'active')
    throw domainError('account_blocked', { account: publicId });
}

/**
 * The account that acts, or that is acted for; an operator's key has none. Raises forbidden, account_blocked, not_found
 * (account, a deleted one).
 */
export function actingAccount({ actor }: Acting): Account {
  if (actor.kind === 'operator' && actor.actsFor) return actor.actsFor;
  if (actor.kind !== 'key') {
    throw domainError('forbidden', { reason: 'This needs the key of an account, not an admin key' });
  }
  checkKey(actor, true);
  if (actor.actsFor) requireStanding(actor, actor.actsFor);
  return actor.actsFor ?? actor.account;
}

/** The acting account, allowed to write. Raises forbidden, account_blocked, read_only_key. */
export function writingAccount(ctx: Acting): Account {
  if (ctx.actor.kind === 'key') checkKey(ctx.actor, false);
  return actingAccount(ctx);
}

/** Raises forbidden unless the operator or Numex itself acts. */
export function requireOperator(ctx: Acting): void {
  if (ctx.actor.kind === 'key') throw domainError('forbidden', { reason: 'This needs an admin key' });
}

/**
 * The actor who acts for another account: a key for a sub-account of its own, the operator for any.
 *
 * Raises forbidden, account_blocked, not_found for a deleted account.
 */
export function actFor(actor: Actor, account: Account): Actor {
  if (account.status === 'deleted') throw domainError('not_found', { kind: 'account', id: account.publicId });
  if (actor.kind === 'operator') return { ...actor, actsFor: account };
  if (actor.kind === 'key' && actor.account.id === account.id) return actor;
  if (actor.kind === 'key' && actor.account.id === account.parentId) {
    requireStanding(actor, account);
    return { ...actor, actsFor: account };
  }
  throw domainError('forbidden', { reason: 'This account is not yours to act for' });
}
