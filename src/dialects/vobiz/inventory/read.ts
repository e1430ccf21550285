import type { NumberFilters } from '../../../core/stock/index.js';
import { accountAsked } from '../../../http/route.js';
import type { Asked, Query } from '../../../http/wire.js';
import { numbersPerPage, pageOf } from '../paging.js';
import type { NumberedPage } from '../paging.js';
import { bareDigits, searchOf, textOf, textsOf } from '../parse.js';

export interface InventoryWanted extends NumberedPage {
  /** Undefined when nothing in the world fits them. */
  readonly filters: NumberFilters | undefined;
}

/** A page of the inventory and its filters (contract 3.2). */
export function inventoryWanted(asked: Asked): InventoryWanted {
  return { ...pageOf(asked.query, numbersPerPage), filters: filtersOf(asked) };
}

function filtersOf(asked: Asked): NumberFilters | undefined {
  const { query } = asked;
  const { environment } = accountAsked(asked);
  const country = textOf(query, 'country')?.trim();
  const { possible, digits: contains } = searchOf(query);
  if (!possible || (country !== undefined && !/^[A-Za-z]{2}$/.test(country))) return undefined;
  return { environment, country, contains, exclude: excludedPrefixes(query) };
}

/** Separated by commas, repeated, or both; what is no prefix of any number excludes nothing. */
function excludedPrefixes(query: Query): string[] {
  const prefixes = textsOf(query, 'exclude').flatMap((text) => text.split(',').map(bareDigits));
  return [...new Set(prefixes)].filter((prefix) => /^\d{1,15}$/.test(prefix));
}
