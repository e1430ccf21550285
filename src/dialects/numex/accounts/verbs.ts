import {
  blockAccount,
  createAccount,
  createKey,
  getAccount,
  revokeKey,
} from '../../../core/accounts/index.js';
import type { CreateAccountInput } from '../../../core/accounts/index.js';
import { actingAccount, requireOperator, writingAccount } from '../../../core/authority/index.js';
import { currencyWarnings, listReleaseFees, setReleaseFee } from '../../../core/billing/index.js';
import type { ReleaseFee } from '../../../core/billing/index.js';
import type { Account, Context, KeyScope, RootContext } from '../../../core/context.js';
import { domainError } from '../../../core/errors.js';
import { asOneWrite } from '../../../core/idempotency/index.js';
import { openWallet } from '../../../core/ledger/index.js';

/** The account that acts. Raises forbidden. */
export async function getOwnAccount({ ctx }: { ctx: RootContext }): Promise<Account> {
  return Promise.resolve(actingAccount(ctx));
}

/** Opens an account, and a wallet of it where a currency is named. Raises as createAccount and openWallet do. */
export async function openAccount({
  ctx,
  input: { currency, ...input },
}: {
  ctx: RootContext;
  input: CreateAccountInput & { readonly currency: string | undefined };
}) {
  requireOperator(ctx);
  const open = async (inner: Context) => {
    const account = await createAccount({ ctx: inner, input });
    inner.noteSubject?.({ kind: 'account', id: account.id });
    return { account, warnings: currency === undefined ? [] : await openIn(inner, account, currency) };
  };
  return asOneWrite(ctx, open, { lock: 'alone' });
}

/** Opens the account's wallet; gives what its opener ought to know. A sub-account has none: its parent pays. */
async function openIn(ctx: Context, account: Account, currency: string): Promise<string[]> {
  if (account.parentId !== null) return ['A sub-account has no wallet: its parent pays'];
  await openWallet({ ctx, input: { account, currency } });
  return currencyWarnings({ ctx, input: { account, currency } });
}

/** A further key of the acting account. Raises forbidden, account_blocked, read_only_key. */
export async function makeOwnKey({
  ctx,
  input,
}: {
  ctx: RootContext;
  input: { readonly scope: KeyScope };
}): Promise<NewKey> {
  const account = writingAccount(ctx);
  return asOneWrite(ctx, (inner) => makeKey(inner, account, input.scope), { lock: 'alone' });
}

/** A key for the account with a public id. Raises forbidden, not_found (account), account_blocked. */
export async function makeKeyFor({
  ctx,
  input,
}: {
  ctx: RootContext;
  input: { readonly account: string; readonly scope: KeyScope };
}): Promise<NewKey> {
  requireOperator(ctx);
  const make = async (inner: Context) => makeKey(inner, await getAccount({ ctx: inner, input }), input.scope);
  return asOneWrite(ctx, make, { lock: 'alone' });
}

export interface NewKey {
  readonly id: number;
  readonly scope: KeyScope;
  /** The secret; null in a repeat. */
  readonly apiKey: string | null;
}

async function makeKey(ctx: Context, account: Account, scope: KeyScope): Promise<NewKey> {
  if (account.status === 'blocked') throw domainError('account_blocked', { account: account.publicId });
  const key = await createKey({ ctx, input: { account, scope } });
  ctx.noteSubject?.({ kind: 'key', id: key.id });
  return key;
}

/** Raises forbidden, account_blocked, read_only_key, not_found (key). */
export async function revokeOwnKey({ ctx, input }: { ctx: RootContext; input: { readonly keyId: number } }) {
  writingAccount(ctx);
  return asOneWrite(ctx, async (inner) => {
    await revokeKey({ ctx: inner, input });
    inner.noteSubject?.({ kind: 'key', id: input.keyId });
    return input;
  });
}

/** What the account with a public id pays for a release. Raises not_found (account). */
export async function listFeesOf({
  ctx,
  input,
}: {
  ctx: RootContext;
  input: { readonly account: string };
}): Promise<ReleaseFee[]> {
  return listReleaseFees({ ctx, input: { account: await getAccount({ ctx, input }) } });
}

/** Raises forbidden, not_found (account), and what setReleaseFee raises. */
export async function setFeeOf({
  ctx,
  input: { account: named, ...fee },
}: {
  ctx: RootContext;
  input: { readonly account: string; readonly currency: string; readonly amountMinor: number };
}) {
  requireOperator(ctx);
  return asOneWrite(ctx, async (inner) => {
    const account = await getAccount({ ctx: inner, input: { account: named } });
    inner.noteSubject?.({ kind: 'account', id: account.id });
    return setReleaseFee({ ctx: inner, input: { account, ...fee } });
  });
}

/** Blocks an account or lifts its block. Raises forbidden, not_found (account). */
export async function setBlock({
  ctx,
  input,
}: {
  ctx: RootContext;
  input: { readonly account: string; readonly blocked: boolean };
}) {
  requireOperator(ctx);
  return asOneWrite(ctx, async (inner) => {
    const account = await blockAccount({ ctx: inner, input });
    inner.noteSubject?.({ kind: 'account', id: account.id });
    return account;
  });
}
