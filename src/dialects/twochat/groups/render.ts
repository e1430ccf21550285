import { featuresOf } from '../../../core/catalogue/index.js';
import { requirementSentences } from '../../../core/compliance/index.js';
import { digitsOf, e164Of } from '../../../core/number-id.js';
import type { FoundNumber } from '../../../core/stock/index.js';
import { spellWord } from '../../../lib/ids.js';
import { formatMinor } from '../../../lib/money.js';
import type { OfferedGroup } from './verbs.js';

/** A group as the search shows it; prices are text here (contract 6). */
export function renderGroup({ group, price, requirement }: OfferedGroup) {
  return {
    id: group.publicId,
    prefix: group.prefix,
    location: group.location,
    price: {
      setup_price: formatMinor(price.setupMinor, price.currency),
      monthly_price: formatMinor(price.recurringMinor, price.currency),
      ppm: '0.00',
    },
    type: group.type,
    requirements: requirementSentences(requirement).map((description) => ({
      description,
      did_type: group.type,
    })),
    allow_number_selection: group.allowNumberSelection,
    is_eligible_for_free_number: false,
    features: featuresOf(group.features),
  };
}

/** A number of a group (contract 7). */
export function renderNumber({ id }: Pick<FoundNumber, 'id'>) {
  return { id: spellWord('did-', digitsOf(id)), number: e164Of(id) };
}
