import { accountOf } from './actor.js';
import type { Actor } from './actor.js';
import type { Account } from './account.js';
import { requireStanding } from './authorize.js';
import { lockStandings } from './store.js';
import type { AccountLock } from './store.js';
import type { Sql } from '../../database/connection.js';

interface Acting {
  readonly sql: Sql;
  readonly actor: Actor;
}

/**
 * Keeps an account and its payer as they stand until the transaction ends, and judges the standing that was found under
 * the lock: closing or blocking one waits for the transaction, or has happened and is seen.
 * Raises account_blocked, not_found (account).
 */
export async function keepStanding(
  { sql, actor }: Acting,
  account: Account,
  lock: AccountLock = 'share',
): Promise<void> {
  const { id, parentId } = account;
  const standings = await lockStandings(sql, parentId === null ? [id] : [id, parentId], lock);
  const status = standings.get(id) ?? 'deleted';
  const payerStatus = parentId === null ? null : (standings.get(parentId) ?? 'deleted');
  requireStanding(actor, { ...account, status, payerStatus });
}

/** The same for the account that acts or is acted for, where there is one. Raises account_blocked, not_found. */
export async function keepActingStanding(ctx: Acting, lock: AccountLock = 'share'): Promise<void> {
  const account = accountOf(ctx.actor);
  if (account) await keepStanding(ctx, account, lock);
}
