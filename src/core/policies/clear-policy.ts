import { requireOperator } from '../authority/index.js';
import type { Context, Environment } from '../context.js';
import { domainError } from '../errors.js';
import { idempotently } from '../idempotency/index.js';
import { namedPolicy, scopeOf } from './check-scope.js';
import type { PolicyRow, PolicyScope } from './policy.js';
import { recordPolicyChange } from './record.js';
import { deleteOverride, lockGeneralPolicy } from './store.js';

export interface ClearPolicyInput extends PolicyScope {
  readonly name: string;
  readonly environment: Environment;
}

/**
 * Takes an override back, so that the next general value holds there again; gives the value that it had.
 * Raises forbidden, not_found (policy, also for an override that is not there; country), invalid_input for the general
 * value, which can only be set; idempotency_*.
 */
export async function clearPolicy({
  ctx,
  input,
}: {
  ctx: Context;
  input: ClearPolicyInput;
}): Promise<PolicyRow> {
  requireOperator(ctx);
  const { name, standard } = namedPolicy(input.name);
  const { environment } = input;
  const { country, type } = await scopeOf(ctx, name, input);
  if (country === '' && type === '') {
    throw domainError('invalid_input', {
      field: 'country',
      reason: 'or a type has to be named: a general value can be set, not cleared',
    });
  }
  return idempotently(ctx, async (inner) => {
    const general = await lockGeneralPolicy(inner.sql, name, environment, standard[environment]);
    const value = await deleteOverride(inner.sql, name, environment, country, type);
    if (value === undefined) {
      const id = [name, environment, country, type].filter((part) => part !== '').join(' ');
      throw domainError('not_found', { kind: 'policy', id });
    }
    const row: PolicyRow = { name, environment, country, type, value };
    await recordPolicyChange(inner, 'policy.clear', general.id, row, { before: value });
    return { result: row, subject: { kind: 'policy', id: general.id } };
  });
}
