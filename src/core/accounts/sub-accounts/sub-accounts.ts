import { assert, present } from '../../../lib/assert.js';
import { addSeconds } from '../../../lib/clock.js';
import { accessTokenPrefix, apiKeyDigest, newAccountId, newApiKey } from '../../../lib/ids.js';
import { recordChange } from '../../audit/index.js';
import { serverTime } from '../../context.js';
import type { Account, Context } from '../../context.js';
import { domainError } from '../../errors.js';
import { idempotently } from '../../idempotency/index.js';
import { requireRoom } from '../../limits/index.js';
import { actingAccount, writingAccount } from '../../authority/index.js';
import { cleanAccountName } from '../create-account.js';
import { insertAccount, insertKey } from '../store.js';
import {
  countSubAccounts,
  findProfile,
  findSubAccount,
  listSubAccountRows,
  listSubAccountRowsBelow,
  lockSubAccount,
  revokeKeys,
  saveProfile,
  setAccountName,
  setDeleted,
  setDisabled,
} from './store.js';
import type { SubAccountProfile, SubAccountRow } from './store.js';
import { cleanProfile } from './profile.js';

export interface SubAccountFields extends SubAccountProfile {
  readonly name: string;
  readonly enabled: boolean;
}

/** Plain data: stored and replayed as JSON. */
export interface CreatedSubAccount {
  readonly account: string;
  /** The secret of its first key, in clear only here; null when this is a replay. */
  readonly apiKey: string | null;
  /** Access tokens of the new account, as many as were asked for; none when this is a replay. */
  readonly accessTokens: readonly string[];
}

/** For how long access tokens work. */
export const accessTokenSeconds = 1800;
const accessTokensMax = 2;

/** The acting account, which must be one that can have sub-accounts. Raises forbidden, account_blocked. */
function parentOf(account: Account): Account {
  if (account.parentId !== null) {
    throw domainError('forbidden', { reason: 'A sub-account cannot have sub-accounts' });
  }
  return account;
}

function notFound(publicId: string) {
  return domainError('not_found', { kind: 'account', id: publicId });
}

/**
 * Opens a sub-account of the acting master account, with a full key of its own. Its numbers are paid by the parent.
 *
 * Raises forbidden, account_blocked, invalid_input, missing_input, limit_reached, idempotency_*.
 */
export async function createSubAccount({
  ctx,
  input,
}: {
  ctx: Context;
  input: SubAccountFields & { readonly accessTokens?: number };
}): Promise<CreatedSubAccount> {
  const { accessTokens: tokenCount = 0 } = input;
  assert(tokenCount <= accessTokensMax, 'a surface asks for a pair of access tokens at most');
  const parent = parentOf(writingAccount(ctx));
  const name = cleanAccountName(input.name);
  const profile = cleanProfile(input);
  const create = async (inner: Context) => {
    await requireRoom(inner.sql, parent, 'sub_accounts_per_account', countSubAccounts);
    const createdAt = inner.clock.now();
    const publicId = newAccountId('SA');
    const { environment, priceListId, priceDiscountBp } = parent;
    const row = { publicId, environment, name, parentId: parent.id, priceListId, priceDiscountBp, createdAt };
    const id = await insertAccount(inner.sql, row);
    if (!input.enabled) await setDisabled(inner.sql, id, createdAt);
    await saveProfile(inner.sql, id, profile, createdAt);
    const apiKey = newApiKey(`nx_${environment}_`);
    await saveKey(inner, { accountId: id, apiKey, createdAt });
    // Keys are looked up by the server's time, whatever clock the account lives by.
    const expiresAt = addSeconds(serverTime(inner), accessTokenSeconds);
    const accessTokens = Array.from({ length: tokenCount }, () => newApiKey(accessTokenPrefix));
    for (const token of accessTokens) {
      await saveKey(inner, { accountId: id, apiKey: token, createdAt, expiresAt });
    }
    await record(inner, parent, { id, publicId, name }, 'account.create', 'sub_account.created');
    const result = { account: publicId, apiKey, accessTokens };
    return {
      result,
      remembered: { ...result, apiKey: null, accessTokens: [] },
      subject: { kind: 'account', id },
    };
  };
  return idempotently<CreatedSubAccount>(ctx, create, { lock: 'alone' });
}

async function saveKey(
  ctx: Context,
  key: { accountId: number; apiKey: string; createdAt: Date; expiresAt?: Date },
): Promise<void> {
  const { apiKey, ...row } = key;
  const digest = present(apiKeyDigest(apiKey), 'a new key has a digest');
  await insertKey(ctx.sql, { ...row, digest, scope: 'full', hint: apiKey.slice(-4) });
}

/** What the parent has said of the acting account; a master account has no profile. Raises forbidden. */
export async function getOwnProfile({
  ctx,
}: {
  ctx: Context;
}): Promise<Pick<SubAccountProfile, 'email' | 'phone' | 'description'>> {
  const profile = await findProfile(ctx.sql, actingAccount(ctx).id);
  return profile ?? { email: null, phone: null, description: null };
}

/**
 * One of the acting account's sub-accounts. Raises forbidden (by a sub-account), not_found (account), also for a deleted
 * one.
 */
export async function getSubAccount({
  ctx,
  input,
}: {
  ctx: Context;
  input: { readonly account: string };
}): Promise<SubAccountRow> {
  const row = await findSubAccount(ctx.sql, parentOf(actingAccount(ctx)).id, input.account);
  if (!row) throw notFound(input.account);
  return row;
}

/** A page of the acting account's sub-accounts, newest first: those below an id; with how many there are. */
export async function listSubAccountsBelow({
  ctx,
  input,
}: {
  ctx: Context;
  input: { readonly beforeId: number; readonly limit: number; readonly activeOnly: boolean };
}): Promise<{ rows: SubAccountRow[]; total: number }> {
  const { id } = actingAccount(ctx);
  const [rows, total] = await Promise.all([
    listSubAccountRowsBelow(ctx.sql, id, input),
    countSubAccounts(ctx.sql, id, undefined, input.activeOnly),
  ]);
  return { rows, total };
}

/** A page of the acting account's sub-accounts by offset, newest first, with how many there are. */
export async function listSubAccounts({
  ctx,
  input,
}: {
  ctx: Context;
  input: { readonly offset: number; readonly limit: number; readonly activeOnly: boolean };
}): Promise<{ rows: SubAccountRow[]; total: number }> {
  return listSubAccountRows(ctx.sql, actingAccount(ctx).id, input);
}

/**
 * Changes what is given of a sub-account; a disabled one keeps its numbers, but its keys are refused. The operator's
 * block stays, and what is said during a block holds when it is lifted.
 * Raises forbidden, account_blocked, invalid_input, missing_input, not_found (account), idempotency_*.
 */
export async function updateSubAccount({
  ctx,
  input,
}: {
  ctx: Context;
  input: { readonly account: string; readonly changes: Partial<SubAccountFields> };
}): Promise<{ readonly account: string }> {
  const parent = parentOf(writingAccount(ctx));
  const { account: publicId, changes } = input;
  return idempotently(ctx, async (inner) => {
    const before = await lockSubAccount(inner.sql, parent.id, publicId);
    if (!before) throw notFound(publicId);
    const name = cleanAccountName(changes.name ?? before.name);
    const profile = cleanProfile({ ...before, ...changes });
    const at = inner.clock.now();
    await setAccountName(inner.sql, before.id, name);
    if (changes.enabled !== undefined) await setDisabled(inner.sql, before.id, changes.enabled ? null : at);
    await saveProfile(inner.sql, before.id, profile, at);
    const subject = { id: before.id, publicId, name };
    await record(inner, parent, subject, 'account.update', 'sub_account.updated');
    return { result: { account: publicId }, subject: { kind: 'account', id: before.id } };
  });
}

/** Ends a sub-account and revokes its keys; part of a verb that has seen to its numbers. */
export async function endSubAccount(ctx: Context, parent: Account, account: Account): Promise<void> {
  await setDeleted(ctx.sql, account.id, ctx.clock.now());
  await revokeKeys(ctx.sql, account.id, ctx.clock.now());
  await record(ctx, parent, account, 'account.delete', 'sub_account.deleted');
}

async function record(
  ctx: Context,
  parent: Account,
  { id, publicId, name }: Pick<Account, 'id' | 'publicId' | 'name'>,
  action: string,
  event: string,
): Promise<void> {
  await recordChange(ctx, {
    environment: parent.environment,
    accountId: parent.id,
    action,
    subjectKind: 'account',
    subjectId: id,
    numberId: null,
    details: { name, account: publicId, parent: parent.publicId },
    event,
  });
}
