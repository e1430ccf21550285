import { recordChange } from '../audit/index.js';
import type { Context } from '../context.js';
import type { AddressRow } from './address-store.js';

/** Audit row of a change of an address, and the event for those that outsiders hear of. */
export async function recordAddress(
  ctx: Context,
  row: AddressRow,
  action: string,
  more: { readonly event?: string; readonly details?: Record<string, unknown> } = {},
): Promise<void> {
  await recordChange(ctx, {
    environment: row.environment,
    accountId: row.accountId,
    action,
    subjectKind: 'address',
    subjectId: row.id,
    numberId: null,
    details: {
      address_id: row.id,
      status: row.status,
      country_code: row.country,
      reason: row.decisionReason,
      ...more.details,
    },
    ...(more.event === undefined ? {} : { event: more.event }),
  });
}
