import { recordChanges } from '../../audit/index.js';
import { actorName } from '../../context.js';
import type { Context } from '../../context.js';
import { domainError } from '../../errors.js';
import type { RuleChange, RulePlan } from './plan.js';
import { priceRulesMax } from './price-list.js';
import type { PriceList } from './price-list.js';
import { deletePlanned, endRules, putRules } from './rule-store.js';
import type { ShownRule } from './rule.js';

/** What a change of rules comes to. Plain data: stored and replayed as JSON. */
export interface RulesChanged {
  readonly priceListId: number;
  readonly list: string;
  readonly dryRun: boolean;
  readonly added: number;
  readonly changed: number;
  readonly removed: number;
  readonly unchanged: number;
  /** The first `changesShownMax` of them. */
  readonly changes: readonly RuleChange[];
}

export const changesShownMax = 1000;

/**
 * Carries a plan out for a list that is locked, with an audit row per rule; a dry run only says what it would do.
 * Raises invalid_input (list) when it would have too many rules.
 */
export async function carryOut(
  ctx: Context,
  list: PriceList,
  plan: RulePlan,
  dryRun: boolean,
): Promise<RulesChanged> {
  const count = (kind: RuleChange['kind']): number =>
    plan.changes.filter((change) => change.kind === kind).length;
  const [added, changed, removed] = [count('added'), count('changed'), count('removed')];
  if (added > 0 && list.rules + added - plan.ends.length - plan.deletes.length > priceRulesMax) {
    const reason = `would have more than ${priceRulesMax} rules`;
    throw domainError('invalid_input', { field: 'list', reason });
  }
  if (!dryRun && plan.changes.length > 0) await write(ctx, list, plan);
  const { changes, unchanged } = plan;
  const what = { priceListId: list.id, list: list.name, dryRun, added, changed, removed, unchanged };
  return { ...what, changes: changes.slice(0, changesShownMax) };
}

async function write(ctx: Context, list: PriceList, plan: RulePlan): Promise<void> {
  const at = ctx.clock.now();
  if (plan.ends.length > 0) await endRules(ctx.sql, plan.ends, at);
  if (plan.deletes.length > 0) await deletePlanned(ctx.sql, plan.deletes, at);
  if (plan.puts.length > 0) await putRules(ctx.sql, list.id, plan.puts);
  await recordChanges(
    ctx.sql,
    plan.changes.map(({ kind, before, after }) => ({
      at,
      actor: actorName(ctx.actor),
      requestId: ctx.requestId,
      environment: null,
      accountId: null,
      action: kind === 'removed' ? 'price_rule.remove' : 'price_rule.set',
      subjectKind: 'price_list',
      subjectId: list.id,
      numberId: null,
      details: { list: list.name, before: before && told(before), after: after && told(after) },
    })),
  );
}

function told({ setupMinor, recurringMinor, validFrom, ...scope }: ShownRule) {
  return { ...scope, setup_minor: setupMinor, recurring_minor: recurringMinor, valid_from: validFrom };
}
