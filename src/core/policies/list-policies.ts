import { requireOperator } from '../authority/index.js';
import type { Context, Environment } from '../context.js';
import { policies, policyNames } from './policy.js';
import type { Policy, PolicyName, PolicyRow } from './policy.js';
import { findPolicies } from './store.js';

/** A policy with all its values: the general ones, and the overrides by country and type. */
export interface PolicyListing extends Policy {
  readonly name: PolicyName;
  readonly values: readonly PolicyRow[];
}

const environments: readonly Environment[] = ['live', 'test'];

/** Every policy, by name, in both environments. Raises forbidden. */
export async function listPolicies({ ctx }: { ctx: Context }): Promise<PolicyListing[]> {
  requireOperator(ctx);
  const rows = await findPolicies(ctx.sql, policyNames);
  return policyNames.map((name) => ({
    name,
    ...policies[name],
    values: environments.flatMap((environment) => valuesOf(rows, name, environment)),
  }));
}

/** The general value first, whether or not it has a row. */
function valuesOf(rows: readonly PolicyRow[], name: PolicyName, environment: Environment): PolicyRow[] {
  const own = rows.filter((row) => row.name === name && row.environment === environment);
  const isGeneral = (row: PolicyRow): boolean => row.country === '' && row.type === '';
  const standard = policies[name].standard[environment];
  const general = own.find(isGeneral) ?? {
    name,
    environment,
    country: '',
    type: '' as const,
    value: standard,
  };
  return [general, ...own.filter((row) => !isGeneral(row))];
}
