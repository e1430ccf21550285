import type { Environment } from '../../../core/context.js';
import { numberIdOf } from '../../../core/number-id.js';
import type { RentalFilters } from '../../../core/rentals/index.js';
import { objectBody, requiredField } from '../../../http/body.js';
import { readAll } from '../../../http/faults.js';
import { accountAsked } from '../../../http/route.js';
import { numberIdNamed } from '../ids.js';
import { brokenCursor, pageOf } from '../paging.js';
import type { WireFilters } from '../paging.js';
import { digitsNamed, regionOf, textOf } from '../parse.js';
import type { Asked, Query } from '../../../http/wire.js';
import type { ListWanted } from './verbs.js';

/** The filters of the owned list, each in one spelling. */
function cleanFilters(query: Query): WireFilters {
  const { region, number } = readAll({
    region: () => regionOf(query),
    number: () => numberOf(query),
  });
  return {
    ...(region === undefined ? {} : { region }),
    ...(number === undefined ? {} : { number: String(number) }),
  };
}

function numberOf(query: Query): number | undefined {
  const text = textOf(query, 'number');
  return text === undefined ? undefined : digitsNamed('number', text);
}

/** A number that its holder has given up is not listed here, even while it can be reclaimed (contract 4). */
function rentalFilters(filters: WireFilters, environment: Environment): RentalFilters {
  const { region: country, number } = filters;
  const numberId = number === undefined ? undefined : numberIdOf(Number(number), environment);
  return { country, numberId, released: 'hide' };
}

/** Paging is opt-in: undefined without `limit` and `cursor`, and the answer then has everything (contract 4). */
function pageWanted(query: Query) {
  if (query['limit'] === undefined && query['cursor'] === undefined) return undefined;
  const { limit, filters, position = '0' } = pageOf(query, cleanFilters);
  if (!/^\d{1,15}$/.test(position)) throw brokenCursor();
  return { limit, filters, afterId: Number(position) };
}

/** The number to buy. Raises missing_input, invalid_input. */
export function purchaseOf(asked: Asked) {
  const digits = digitsNamed('number', requiredField(objectBody(asked.body), 'number'));
  const numberId = numberIdOf(digits, accountAsked(asked).environment);
  return { numberId, unmetRequirements: 'refuse' as const };
}

/** Which numbers of the account, and whether in pages. Raises invalid_input. */
export function listOf(asked: Asked): ListWanted {
  const { environment } = accountAsked(asked);
  const page = pageWanted(asked.query);
  const filters = page?.filters ?? cleanFilters(asked.query);
  return { asked: filters, filters: rentalFilters(filters, environment), page };
}

/** How this wire gives a number up: at once and for good. Raises not_found. */
export function releaseOf(asked: Asked) {
  const numberId = numberIdNamed(asked.params['id'] ?? '', accountAsked(asked).environment);
  return { numberId, leaves: 'now', again: 'accept' } as const;
}
