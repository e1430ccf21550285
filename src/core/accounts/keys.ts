import { apiKeyDigest, newApiKey } from '../../lib/ids.js';
import { present } from '../../lib/assert.js';
import { recordChange } from '../audit/index.js';
import { domainError } from '../errors.js';
import { accountOf } from '../context.js';
import type { Account, Context, KeyScope } from '../context.js';
import { keepStanding, requireOperator } from '../authority/index.js';
import { requireRoom } from '../limits/index.js';
import { inTransaction } from '../../database/transaction.js';
import { countKeys, insertKey, listKeyRows, revokeKeyRow } from './store.js';
import type { KeyListRow } from './store.js';

export interface CreatedKey {
  readonly id: number;
  /** The secret, in clear only here. */
  readonly apiKey: string;
  readonly scope: KeyScope;
}

/**
 * Makes a key of an account (full or read) for itself or its parent, or the operator's own (admin, no account).
 *
 * Raises forbidden, invalid_input, not_found (account) for a deleted one, limit_reached.
 */
export async function createKey({
  ctx,
  input,
}: {
  ctx: Context;
  input: { readonly account: Account | null; readonly scope: KeyScope };
}): Promise<CreatedKey> {
  const { account, scope } = input;
  const ownKey =
    ctx.actor.kind === 'key' && ctx.actor.scope === 'full' && accountOf(ctx.actor)?.id === account?.id;
  if (!ownKey) requireOperator(ctx);
  if ((scope === 'admin') !== (account === null)) {
    throw domainError('invalid_input', {
      field: 'scope',
      reason: 'an admin key has no account, any other needs one',
    });
  }
  return inTransaction(ctx.sql, (sql) => make({ ...ctx, sql }, account, scope));
}

async function make(ctx: Context, account: Account | null, scope: KeyScope): Promise<CreatedKey> {
  if (account) {
    await keepStanding(ctx, account, 'alone');
    await requireRoom(ctx.sql, account, 'keys_per_account', countKeys);
  }
  const apiKey = newApiKey(account === null ? 'nx_admin_' : `nx_${account.environment}_`);
  ctx.noteSecret?.(apiKey);
  const id = await insertKey(ctx.sql, {
    digest: present(apiKeyDigest(apiKey), 'a new key has a digest'),
    accountId: account?.id ?? null,
    scope,
    hint: apiKey.slice(-4),
    createdAt: ctx.clock.now(),
  });
  await recordChange(ctx, {
    environment: account?.environment ?? null,
    accountId: account?.id ?? null,
    action: 'key.create',
    subjectKind: 'key',
    subjectId: id,
    numberId: null,
    details: { scope },
  });
  ctx.noteSecret?.(apiKey);
  return { id, apiKey, scope };
}

/** A page of an account's keys, without their secrets, revoked ones included; oldest first. */
export async function listKeys({
  ctx,
  input: { account, ...page },
}: {
  ctx: Context;
  input: { readonly account: Account; readonly afterId: number; readonly limit: number };
}): Promise<KeyListRow[]> {
  return listKeyRows(ctx.sql, account.id, page);
}

/** Revokes a key of the account acted for, or any where none is; it stops working at once. Raises not_found (key). */
export async function revokeKey({
  ctx,
  input,
}: {
  ctx: Context;
  input: { readonly keyId: number };
}): Promise<void> {
  const accountId = accountOf(ctx.actor)?.id ?? null;
  const revoked = await revokeKeyRow(ctx.sql, input.keyId, accountId, ctx.clock.now());
  if (!revoked) throw domainError('not_found', { kind: 'key', id: input.keyId });
  await recordChange(ctx, {
    environment: null,
    accountId: revoked.accountId,
    action: 'key.revoke',
    subjectKind: 'key',
    subjectId: input.keyId,
    numberId: null,
    details: {},
  });
}
