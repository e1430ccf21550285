import type { Context } from '../../context.js';
import type { Scope } from './fragments.js';
import { planSearch, surveyFor, type Plan } from './plan.js';
import { countShelves, stockLengths } from './store.js';

/** The plan for one country, with a look at its stock where the choice needs one. */
export async function planFor(ctx: Context, scope: Scope, began?: Plan['kind']): Promise<Plan> {
  const { filters, conditions } = scope;
  const asked = surveyFor(filters, conditions);
  const lengths = asked === 'none' ? undefined : await lengthsOf(ctx, scope);
  const size = asked === 'size' ? await countShelves(ctx.sql, scope) : Infinity;
  const survey = lengths && { size, lengths };
  return planSearch(filters, conditions, survey, began);
}

async function lengthsOf(ctx: Context, { country, filters }: Scope): Promise<readonly number[]> {
  return (
    country.lengths ?? (await stockLengths(ctx.sql, [country.no], filters.environment)).get(country.no) ?? []
  );
}
