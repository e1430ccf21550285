import { getAccount } from '../../../core/accounts/index.js';
import { holderAt, listAudit } from '../../../core/audit/index.js';
import type { AuditEntryRow, HolderRow, ListAuditInput } from '../../../core/audit/index.js';
import type { RootContext } from '../../../core/context.js';

/** A page of the trail; `account` is the public id of the only one wanted. Raises not_found (account). */
export async function listTrail({
  ctx,
  input: { account: named, ...input },
}: {
  ctx: RootContext;
  input: Omit<ListAuditInput, 'account'> & { readonly account: string | undefined };
}): Promise<AuditEntryRow[]> {
  const account = named === undefined ? undefined : await getAccount({ ctx, input: { account: named } });
  return listAudit({ ctx, input: { ...input, account } });
}

/** Who had a number at an instant; null is nobody. */
export interface HolderThen {
  readonly numberId: number;
  readonly at: Date;
  readonly holder: HolderRow | null;
}

/** Raises forbidden, not_found (number). */
export async function holderThen({
  ctx,
  input,
}: {
  ctx: RootContext;
  input: { readonly numberId: number; readonly at: Date };
}): Promise<HolderThen> {
  return { ...input, holder: await holderAt({ ctx, input }) };
}
