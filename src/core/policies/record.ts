import { recordChange } from '../audit/index.js';
import type { Context } from '../context.js';
import type { PolicyRow } from './policy.js';

/** The audit row of a changed policy; its subject is the policy's general row, which outlives every override. */
export async function recordPolicyChange(
  ctx: Context,
  action: 'policy.set' | 'policy.clear',
  policyId: number,
  { name, environment, country, type }: PolicyRow,
  details: Readonly<Record<string, unknown>>,
): Promise<void> {
  await recordChange(ctx, {
    environment,
    accountId: null,
    action,
    subjectKind: 'policy',
    subjectId: policyId,
    numberId: null,
    details: { name, country: country === '' ? null : country, type: type === '' ? null : type, ...details },
  });
}
