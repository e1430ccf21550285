import { actingAccount } from '../authority/index.js';
import type { Account, Context } from '../context.js';
import { domainError } from '../errors.js';
import { listEntries, listEntriesOf } from './trail-store.js';
import type { AuditEntryRow, AuditFilters } from './trail-store.js';

/** Entries in one answer at most. */
export const auditPageMax = 1001;

export interface ListAuditInput extends AuditFilters {
  /** Only the entries of this account. */
  readonly account?: Account | undefined;
  readonly limit: number;
}

/**
 * Who did what to what, newest first. The operator sees everything; an account its own entries and those of its
 * sub-accounts.
 * Raises account_blocked, not_found (account).
 */
export async function listAudit({
  ctx,
  input,
}: {
  ctx: Context;
  input: ListAuditInput;
}): Promise<AuditEntryRow[]> {
  const { account, limit: wanted, ...filters } = input;
  const limit = Math.min(wanted, auditPageMax);
  const seesAll = ctx.actor.kind !== 'key';
  if (account) {
    if (!seesAll) refuseForeign(actingAccount(ctx), account);
    return listEntriesOf(ctx.sql, account.id, false, filters, limit);
  }
  if (seesAll) return listEntries(ctx.sql, filters, limit);
  return listEntriesOf(ctx.sql, actingAccount(ctx).id, true, filters, limit);
}

function refuseForeign(own: Account, account: Account): void {
  if (account.id === own.id || account.parentId === own.id) return;
  throw domainError('not_found', { kind: 'account', id: account.publicId });
}
