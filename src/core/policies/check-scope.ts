import { listCountries } from '../catalogue/index.js';
import type { NumberType } from '../catalogue/index.js';
import type { Context } from '../context.js';
import { domainError } from '../errors.js';
import { isPolicyName, policies } from './policy.js';
import type { Overridable, Policy, PolicyName, PolicyScope } from './policy.js';

/** A policy by its name. Raises not_found (policy). */
export function namedPolicy(name: string): Policy & { readonly name: PolicyName } {
  if (!isPolicyName(name)) throw domainError('not_found', { kind: 'policy', id: name });
  return { name, ...policies[name] };
}

/**
 * The scope of a value as its row spells it. Raises invalid_input where the policy cannot differ by country or type,
 * and not_found (country).
 */
export async function scopeOf(
  ctx: Context,
  name: PolicyName,
  { country, type }: PolicyScope,
): Promise<{ readonly country: string; readonly type: NumberType | '' }> {
  const overridable: Overridable = policies[name].overridable;
  if (country !== undefined && overridable === 'never') {
    throw domainError('invalid_input', { field: 'country', reason: `${name} is the same everywhere` });
  }
  if (type !== undefined && overridable !== 'by_country_and_type') {
    throw domainError('invalid_input', { field: 'type', reason: `${name} is the same for all types` });
  }
  const code = country?.toUpperCase() ?? '';
  if (code !== '' && !(await listCountries({ ctx })).some((known) => known.code === code)) {
    throw domainError('not_found', { kind: 'country', id: code });
  }
  return { country: code, type: type ?? '' };
}
