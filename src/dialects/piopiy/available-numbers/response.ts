import { e164Of, spellNumberId } from '../../../core/number-id.js';
import type { FoundNumber } from '../../../core/stock/index.js';
import { featuresByCapability } from './request.js';

/** A number for sale: exactly these four fields (contract 2). */
export function renderAvailable(found: FoundNumber) {
  return {
    id: spellNumberId(found.id),
    number: e164Of(found.id),
    region: found.country,
    capabilities: Object.keys(featuresByCapability).filter((name) =>
      featuresByCapability[name]?.every((feature) => found.features.includes(feature)),
    ),
  };
}
