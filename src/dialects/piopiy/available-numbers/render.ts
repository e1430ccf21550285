import { e164Of, spellNumberId } from '../../../core/number-id.js';
import type { FoundNumber } from '../../../core/stock/index.js';
import { writeCursor } from '../paging.js';
import { featuresByCapability } from './read.js';
import type { FoundPage } from './verbs.js';

/** A number for sale: exactly these four fields (contract 2). */
function renderAvailable(found: FoundNumber) {
  return {
    id: spellNumberId(found.id),
    number: e164Of(found.id),
    region: found.country,
    capabilities: Object.keys(featuresByCapability).filter((name) =>
      featuresByCapability[name]?.every((feature) => found.features.includes(feature)),
    ),
  };
}

export function renderPage({ numbers, nextCursor, asked }: FoundPage) {
  return {
    data: numbers.map(renderAvailable),
    next_cursor: nextCursor === null ? null : writeCursor(asked, nextCursor),
  };
}
