import { requireOperator } from '../../authority/index.js';
import type { Context } from '../../context.js';
import { domainError } from '../../errors.js';
import { idempotently } from '../../idempotency/index.js';
import { carryOut } from './carry-out.js';
import type { RulesChanged } from './carry-out.js';
import { placeOf, planRules } from './plan.js';
import { lockedPriceList } from './price-list.js';
import { findOpenRules, findRule } from './rule-store.js';

/**
 * Takes a rule off a list from now on: one in force ends, one that is planned never comes. The next less specific rule
 * holds then, or that of the parent list.
 * Raises forbidden, not_found (price_list, price_rule), wrong_state for one that holds no more, idempotency_*.
 */
export async function removePriceRule({
  ctx,
  input,
}: {
  ctx: Context;
  input: { readonly list: string; readonly ruleId: number };
}): Promise<RulesChanged> {
  requireOperator(ctx);
  return idempotently(ctx, async (inner) => {
    const at = inner.clock.now();
    const list = await lockedPriceList(inner, input.list);
    const rule = await findRule(inner.sql, list.id, input.ruleId);
    const named = { kind: 'price_rule', id: input.ruleId } as const;
    if (!rule) throw domainError('not_found', named);
    const wrong = (state: string) =>
      domainError('wrong_state', { ...named, state, allowed: ['in_force', 'planned'] });
    if (rule.endedAt !== null) throw wrong('ended');
    const place = placeOf(rule, rule.validFrom, at);
    const open = await findOpenRules(inner.sql, list.id, rule.currency);
    const sameOrNewer = open.filter((other) => placeOf(other, other.validFrom, at) === place);
    if (sameOrNewer.some((other) => other.validFrom > rule.validFrom)) throw wrong('superseded');
    const plan = planRules(open, [], at, (other) => placeOf(other, other.validFrom, at) === place);
    const result = await carryOut(inner, list, plan, false);
    return { result, subject: { kind: 'price_list', id: list.id } };
  });
}
