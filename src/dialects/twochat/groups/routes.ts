import { actingAccount } from '../../../core/authority/index.js';
import { getGroup, searchGroups } from '../../../core/catalogue/index.js';
import { listRequirements, strictRequirement } from '../../../core/compliance/index.js';
import { domainError } from '../../../core/errors.js';
import { searchAll } from '../../../core/stock/index.js';
import { digitsOf, e164Of } from '../../../core/number-id.js';
import { spellWord } from '../../../lib/ids.js';
import type { WireRoute } from '../../../http/wire.js';
import { requiredText, textOf } from '../parse.js';
import { pricesFor } from '../wallet.js';
import { groupFilters } from './request.js';
import { renderGroup } from './response.js';

/** Numbers listed of one group at most (contract 1.6): clients narrow with number_contains. */
const availableMax = 1000;

/** Contract 6 and 7: groups, and the numbers in them. */
export const groupRoutes: readonly WireRoute[] = [
  {
    method: 'GET',
    path: '/numbers/groups',
    answer: async (ctx, { query }) => {
      const filters = groupFilters(query);
      const { environment } = actingAccount(ctx);
      const groups = await searchGroups({ ctx, input: { environment, filters } });
      const [prices, requirements] = await Promise.all([
        pricesFor(ctx, groups),
        listRequirements({ ctx, input: { country: filters.country } }),
      ]);
      return {
        success: true,
        data: {
          groups: groups.flatMap((group) => {
            const price = prices.get(group.id);
            const requirement =
              requirements.find((candidate) => candidate.type === group.type) ??
              strictRequirement(group.country, group.type);
            return price ? [renderGroup(group, price, requirement)] : [];
          }),
        },
      };
    },
  },
  {
    method: 'GET',
    path: '/numbers/available',
    answer: async (ctx, { query }) => {
      const group = await getGroup({ ctx, input: { group: requiredText(query, 'group_id') } });
      if (!group.allowNumberSelection) {
        throw domainError('selection_not_allowed', { group: group.publicId });
      }
      const contains = containedDigits(textOf(query, 'number_contains'));
      const { environment } = actingAccount(ctx);
      const numbers = await searchAll({
        ctx,
        input: { filters: { environment, groupId: group.id, contains }, max: availableMax },
      });
      return {
        success: true,
        data: {
          numbers: numbers.map(({ id }) => ({ id: spellWord('did-', digitsOf(id)), number: e164Of(id) })),
        },
      };
    },
  },
];

/** The digits to look for; separators do not count, and a plus sign that arrived as a blank is none either. */
function containedDigits(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const digits = text.replace(/[\s+()-]/g, '');
  if (!/^\d{1,15}$/.test(digits)) {
    throw domainError('invalid_input', { field: 'number_contains', reason: 'must have 1 to 15 digits' });
  }
  return digits;
}
