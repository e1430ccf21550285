import type { Sql } from '../../database/connection.js';
import type { Environment } from '../context.js';
import { valueFrom } from './policy.js';
import type { PolicyName, PolicyScope } from './policy.js';
import { findPoliciesFor } from './store.js';

/** What a policy says for a scope now, in the policy's unit. The most specific value wins. */
export async function policyValue(
  sql: Sql,
  name: PolicyName,
  environment: Environment,
  scope: PolicyScope = {},
): Promise<number> {
  const rows = await findPoliciesFor(sql, name, environment, scope.country ?? '', scope.type ?? '');
  return valueFrom(rows, name, environment, scope);
}
