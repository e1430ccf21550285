import { featuresOf } from '../../../core/catalogue/index.js';
import type { Group } from '../../../core/catalogue/index.js';
import type { Price } from '../../../core/billing/index.js';
import { requirementSentences } from '../../../core/compliance/index.js';
import type { Requirement } from '../../../core/compliance/index.js';
import { formatMinor } from '../../../lib/money.js';

/** A group as the search shows it; prices are text here (contract 6). */
export function renderGroup(group: Group, price: Price, requirement: Requirement) {
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
