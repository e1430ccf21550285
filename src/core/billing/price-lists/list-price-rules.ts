import { requireOperator } from '../../authority/index.js';
import type { Context } from '../../context.js';
import { namedPriceList } from './price-list.js';
import { listRuleRows } from './rule-store.js';
import type { RuleFilters } from './rule-store.js';
import { showRule } from './rule.js';
import type { RuleState, ShownRule } from './rule.js';

export interface PriceRuleListing extends ShownRule {
  readonly id: number;
  readonly state: RuleState;
}

/** A page of a list's own rules, by id: those in force or planned, or all. Raises forbidden, not_found (price_list). */
export async function listPriceRules({
  ctx,
  input: { list, afterId, limit, ...filters },
}: {
  ctx: Context;
  input: RuleFilters & { readonly list: string; readonly afterId: number; readonly limit: number };
}): Promise<PriceRuleListing[]> {
  requireOperator(ctx);
  const { id } = await namedPriceList(ctx, list);
  const rows = await listRuleRows(ctx.sql, id, filters, { at: ctx.clock.now(), afterId, limit });
  return rows.map((row) => ({ id: row.id, state: row.state, ...showRule(row) }));
}
