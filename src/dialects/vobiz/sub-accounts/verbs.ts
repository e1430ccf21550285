import {
  createSubAccount,
  getSubAccount,
  listSubAccounts,
  updateSubAccount,
} from '../../../core/accounts/index.js';
import type { SubAccountFields, SubAccountRow } from '../../../core/accounts/index.js';
import type { Context } from '../../../core/context.js';
import { asOneWrite } from '../../../core/idempotency/index.js';
import type { Plain } from '../../../core/idempotency/index.js';
import type { NumberedPage } from '../paging.js';

/** How many access tokens come with a new sub-account (contract 11.2). */
const tokenCount = 2;

/** A new sub-account; a repeat has its secrets no more. */
export interface NewSubAccount {
  readonly row: SubAccountRow;
  readonly apiKey: string | null;
  readonly accessTokens: readonly string[] | null;
}

export interface SubAccountPage extends NumberedPage {
  readonly rows: readonly SubAccountRow[];
  readonly total: number;
}

/** Opens a sub-account with a key and access tokens of its own. Raises what createSubAccount raises. */
export function openSubAccount({
  ctx,
  input,
}: {
  ctx: Context;
  input: SubAccountFields;
}): Promise<Plain<NewSubAccount>> {
  const open = async (inner: Context): Promise<NewSubAccount> => {
    const made = await createSubAccount({ ctx: inner, input: { ...input, accessTokens: tokenCount } });
    const { account, apiKey, accessTokens } = made;
    return { row: await getSubAccount({ ctx: inner, input: { account } }), apiKey, accessTokens };
  };
  return asOneWrite(ctx, open, { lock: 'alone' });
}

/** Changes a sub-account and gives it as it is then. Raises what updateSubAccount raises. */
export function changeSubAccount({
  ctx,
  input,
}: {
  ctx: Context;
  input: { readonly account: string; readonly changes: Partial<SubAccountFields> };
}): Promise<Plain<SubAccountRow>> {
  return asOneWrite(ctx, async (inner) => {
    const { account } = await updateSubAccount({ ctx: inner, input });
    return getSubAccount({ ctx: inner, input: { account } });
  });
}

/** A page of sub-accounts, newest first. */
export async function listSubAccountPage({
  ctx,
  input: { page, perPage, activeOnly },
}: {
  ctx: Context;
  input: NumberedPage & { readonly activeOnly: boolean };
}): Promise<SubAccountPage> {
  const input = { offset: (page - 1) * perPage, limit: perPage, activeOnly };
  return { ...(await listSubAccounts({ ctx, input })), page, perPage };
}
