import type { GroupFilters } from '../../../core/catalogue/index.js';
import { domainError } from '../../../core/errors.js';
import { readAll } from '../../../http/faults.js';
import { didTypeOf, idOf, requiredCountry, requiredText, storable, textOf } from '../parse.js';
import type { Asked, Query } from '../../../http/wire.js';

const separators = /[\s+()-]/g;

/**
 * Reads the filters of the group search (contract 6). `city_name_or_prefix` is a prefix when all that is left of it
 * without separators is digits, else the start of a place's name. The US needs a place for geographic searches.
 */
export function groupFilters(query: Query): GroupFilters {
  const { country, type, regionId, cityId, place } = readAll({
    country: () => requiredCountry(query),
    type: () => didTypeOf(query),
    regionId: () => idOf(query, 'region_id'),
    cityId: () => idOf(query, 'city_id'),
    place: () => placeOf(query),
  });
  const geographic = type === undefined || type === 'local';
  if (country === 'US' && geographic && regionId === undefined && cityId === undefined && !place) {
    throw domainError('missing_input', {
      field: 'region_id (or city_id or city_name_or_prefix, for US numbers)',
    });
  }
  const digits = place?.replace(separators, '');
  const isPrefix = digits !== undefined && /^\d+$/.test(digits);
  return {
    country,
    type,
    regionId,
    cityId,
    ...(place ? (isPrefix ? { prefixDigits: digits } : { locationStartsWith: place }) : {}),
  };
}

/** The start of a place's name or of a prefix; undefined when nothing is left of it. */
function placeOf(query: Query): string | undefined {
  const place = (textOf(query, 'city_name_or_prefix') ?? '').trim();
  return place === '' ? undefined : storable('city_name_or_prefix', place);
}

/** The digits to look for; separators do not count, and a plus sign that arrived as a blank is none either. */
function containedDigits(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const digits = text.replace(/[\s+()-]/g, '');
  if (!/^\d{1,15}$/.test(digits)) {
    throw domainError('invalid_input', { field: 'number_contains', reason: 'must have 1 to 15 digits' });
  }
  return digits;
}

/** The group whose numbers are asked for, and what they contain. Raises missing_input, invalid_input. */
export function availableOf({ query }: Asked) {
  return readAll({
    group: () => storable('group_id', requiredText(query, 'group_id')),
    contains: () => containedDigits(textOf(query, 'number_contains')),
  });
}
