import { requireOperator } from '../../authority/index.js';
import { getGroup, listCountries } from '../../catalogue/index.js';
import type { Context } from '../../context.js';
import { domainError } from '../../errors.js';
import { idempotently } from '../../idempotency/index.js';
import { carryOut } from './carry-out.js';
import type { RulesChanged } from './carry-out.js';
import { planRules } from './plan.js';
import { lockedPriceList } from './price-list.js';
import { readRule } from './read-rule.js';
import type { Places, RuleInput } from './read-rule.js';
import { findOpenRules } from './rule-store.js';

/**
 * Sets what a list charges for a scope, from now on or from an instant to come; the rule before it ends then. Rentals keep
 * their price. Raises forbidden, invalid_input (list, currency, country, type, group, prefix, setup_minor,
 * recurring_minor, cycle, valid_from), not_found (price_list, group), idempotency_*.
 */
export async function setPriceRule({
  ctx,
  input: { list: named, ...input },
}: {
  ctx: Context;
  input: RuleInput & { readonly list: string };
}): Promise<RulesChanged> {
  requireOperator(ctx);
  return idempotently(ctx, async (inner) => {
    const rule = readRule(await placesOf(inner, input.group), input);
    if ('reason' in rule) throw domainError('invalid_input', rule);
    const at = inner.clock.now();
    if (rule.validFrom && rule.validFrom < at) {
      const reason = 'must not be in the past: leave it out for now';
      throw domainError('invalid_input', { field: 'valid_from', reason });
    }
    const list = await lockedPriceList(inner, named);
    const plan = planRules(await findOpenRules(inner.sql, list.id, rule.currency), [rule], at);
    const result = await carryOut(inner, list, plan, false);
    return { result, subject: { kind: 'price_list', id: list.id } };
  });
}

/** The countries, and the one group that is named. Raises not_found (group). */
async function placesOf(ctx: Context, group: string | null | undefined): Promise<Places> {
  const countries = new Set((await listCountries({ ctx })).map((country) => country.code));
  if (group === undefined || group === null || group === '') return { countries, groups: new Map() };
  return { countries, groups: new Map([[group, await getGroup({ ctx, input: { group } })]]) };
}
