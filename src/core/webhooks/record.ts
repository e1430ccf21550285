import { recordChange } from '../audit/index.js';
import type { Account, Context } from '../context.js';
import type { EndpointRow } from './store.js';

type EndpointAction =
  'endpoint.create' | 'endpoint.update' | 'endpoint.delete' | 'endpoint.rotate_secret' | 'endpoint.replay';

/** The audit row of a change that an owner makes. No event: endpoints tell of numbers and money, not of themselves. */
export async function recordEndpointChange(
  ctx: Context,
  account: Account,
  row: EndpointRow,
  action: EndpointAction,
  details: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  await recordChange(ctx, {
    environment: account.environment,
    accountId: account.id,
    action,
    subjectKind: 'endpoint',
    subjectId: row.id,
    numberId: null,
    details: { url: row.url, ...details },
  });
}
