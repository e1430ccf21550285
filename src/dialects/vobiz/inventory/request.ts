import { actingAccount } from '../../../core/authority/index.js';
import type { RootContext } from '../../../core/context.js';
import type { NumberFilters } from '../../../core/stock/index.js';
import type { Query } from '../../../http/wire.js';
import { bareDigits, searchOf, textOf, textsOf } from '../parse.js';

/** The filters of the inventory; undefined when nothing in the world fits them. */
export function inventoryFilters(ctx: RootContext, query: Query): NumberFilters | undefined {
  const { environment } = actingAccount(ctx);
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
