import { createSubAccount, getSubAccount, updateSubAccount } from '../../../core/accounts/index.js';
import type { SubAccountFields } from '../../../core/accounts/index.js';
import type { Context, RootContext } from '../../../core/context.js';
import { asOneWrite } from '../../../core/idempotency/index.js';
import { handToSubAccount, takeBackFromSubAccount } from '../../../core/rentals/index.js';

/** Opens a sub-account and gives it as it is then, with its first key. Raises what createSubAccount raises. */
export async function openSubAccount({ ctx, input }: { ctx: RootContext; input: SubAccountFields }) {
  const open = async (inner: Context) => {
    const { account, apiKey } = await createSubAccount({ ctx: inner, input });
    return { row: await getSubAccount({ ctx: inner, input: { account } }), apiKey };
  };
  return asOneWrite(ctx, open, { lock: 'alone' });
}

/** Changes a sub-account and gives it as it is then. Raises what updateSubAccount raises. */
export async function changeSubAccount({
  ctx,
  input,
}: {
  ctx: RootContext;
  input: { readonly account: string; readonly changes: Partial<SubAccountFields> };
}) {
  return asOneWrite(ctx, async (inner) => {
    await updateSubAccount({ ctx: inner, input });
    return getSubAccount({ ctx: inner, input });
  });
}

/** A number and the sub-account that gives or gets it, by its public id. */
interface HandOverInput {
  readonly account: string;
  readonly numberId: number;
}

/** Raises not_found (account), and what handToSubAccount raises. */
export async function handTo({ ctx, input }: { ctx: RootContext; input: HandOverInput }) {
  return asOneWrite(ctx, async (inner) => {
    const subAccount = await getSubAccount({ ctx: inner, input });
    return handToSubAccount({ ctx: inner, input: { numberId: input.numberId, subAccount } });
  });
}

/** Raises not_found (account), and what takeBackFromSubAccount raises. */
export async function takeBackFrom({
  ctx,
  input: { account, ...input },
}: {
  ctx: RootContext;
  input: HandOverInput & { readonly coolOff: 'respect' | 'override' };
}) {
  return asOneWrite(ctx, async (inner) => {
    const holder = await getSubAccount({ ctx: inner, input: { account } });
    return takeBackFromSubAccount({ ctx: inner, input: { ...input, holder } });
  });
}
