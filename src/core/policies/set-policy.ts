import { requireOperator } from '../authority/index.js';
import type { Context, Environment } from '../context.js';
import { domainError } from '../errors.js';
import { idempotently } from '../idempotency/index.js';
import { namedPolicy, scopeOf } from './check-scope.js';
import type { Policy, PolicyRow, PolicyScope } from './policy.js';
import { recordPolicyChange } from './record.js';
import { findPoliciesFor, lockGeneralPolicy, putPolicy } from './store.js';

export interface SetPolicyInput extends PolicyScope {
  readonly name: string;
  readonly environment: Environment;
  /** In the policy's unit. */
  readonly value: number;
}

/**
 * Sets a policy: for everything, or for a country, a type, or both. It holds from now on; what was granted before keeps
 * its time.
 * Raises forbidden, not_found (policy, country), invalid_input (value, country, type), idempotency_*.
 */
export async function setPolicy({ ctx, input }: { ctx: Context; input: SetPolicyInput }): Promise<PolicyRow> {
  requireOperator(ctx);
  const policy = namedPolicy(input.name);
  checkValue(policy, input.value);
  const { environment, value } = input;
  const scope = await scopeOf(ctx, policy.name, input);
  return idempotently(ctx, async (inner) => {
    const general = await lockGeneralPolicy(
      inner.sql,
      policy.name,
      environment,
      policy.standard[environment],
    );
    const before = await findPoliciesFor(inner.sql, policy.name, environment, scope.country, scope.type);
    const own = before.find((row) => row.country === scope.country && row.type === scope.type);
    const row: PolicyRow = { name: policy.name, environment, ...scope, value };
    await putPolicy(inner.sql, row);
    await recordPolicyChange(inner, 'policy.set', general.id, row, { value, before: own?.value ?? null });
    return { result: row, subject: { kind: 'policy', id: general.id } };
  });
}

function checkValue({ unit, minimum, maximum }: Policy, value: number): void {
  if (Number.isInteger(value) && value >= minimum && value <= maximum) return;
  throw domainError('invalid_input', {
    field: 'value',
    reason: `must be a whole number from ${minimum} to ${maximum} (${unit})`,
  });
}
