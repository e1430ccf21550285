import type { Context } from '../../context.js';
import type { Scope } from './fragments.js';
import { planSearch, surveyFor, type Plan } from './plan.js';
import { surveyStock } from './store.js';

/** The plan for one country, with a look at its stock where the choice needs one. */
export async function planFor(ctx: Context, scope: Scope, began?: Plan['kind']): Promise<Plan> {
  const { filters, conditions } = scope;
  const asked = surveyFor(filters, conditions);
  const survey = asked === 'none' ? undefined : await surveyStock(ctx.sql, scope, asked === 'size');
  return planSearch(filters, conditions, survey, began);
}
