import type { Environment } from '../../../core/context.js';
import { numberIdOf } from '../../../core/number-id.js';
import type { RentalFilters } from '../../../core/rentals/index.js';
import { brokenCursor, pageOf } from '../paging.js';
import type { WireFilters } from '../paging.js';
import { digitsNamed, regionOf, textOf } from '../parse.js';
import type { Query } from '../../../http/wire.js';

/** The filters of the owned list, each in one spelling. */
export function cleanFilters(query: Query): WireFilters {
  const region = regionOf(query);
  const number = textOf(query, 'number');
  return {
    ...(region === undefined ? {} : { region }),
    ...(number === undefined ? {} : { number: String(digitsNamed('number', number)) }),
  };
}

/** A number that its holder has given up is not listed here, even while it can be reclaimed (contract 4). */
export function rentalFilters(filters: WireFilters, environment: Environment): RentalFilters {
  const { region: country, number } = filters;
  const numberId = number === undefined ? undefined : numberIdOf(Number(number), environment);
  return { country, numberId, released: 'hide' };
}

/** Paging is opt-in: undefined without `limit` and `cursor`, and the answer then has everything (contract 4). */
export function pageWanted(query: Query) {
  if (query['limit'] === undefined && query['cursor'] === undefined) return undefined;
  const { limit, filters, position = '0' } = pageOf(query, cleanFilters);
  if (!/^\d{1,15}$/.test(position)) throw brokenCursor();
  return { limit, filters, afterId: Number(position) };
}
