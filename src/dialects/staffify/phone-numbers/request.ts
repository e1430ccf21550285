import type { Country, NumberType } from '../../../core/catalogue/index.js';
import type { Environment } from '../../../core/context.js';
import { domainError } from '../../../core/errors.js';
import { numberIdOf } from '../../../core/number-id.js';
import type { NumberFilters } from '../../../core/stock/index.js';
import type { Query } from '../../../http/wire.js';
import { parseE164 } from '../../../lib/e164.js';
import { limitOf } from '../paging.js';
import { invalid, objectBody, textField } from '../../../http/body.js';
import { countryCodeOf, idField, requiredText, textOf } from '../parse.js';
import { areaCodeCountries, cityDigits } from './city-code.js';
import { numberTypeNamed } from './types.js';

const countryDefault = 'US';
const typeDefault = 'local';

/** What a search asks for (contract 2.1). */
export interface Search {
  readonly country: string;
  readonly type: NumberType;
  readonly areaCode: string | undefined;
  readonly cityCode: string | undefined;
  readonly contains: string | undefined;
  readonly limit: number;
}

/** Raises invalid_input. */
export function searchOf(query: Query): Search {
  const country = countryCodeOf('country_code', textOf(query, 'country_code') ?? countryDefault);
  const [type, numberType] = [textOf(query, 'type'), textOf(query, 'number_type')];
  if (type !== undefined && numberType !== undefined && type !== numberType) {
    throw invalid('number_type', 'differs from type');
  }
  const areaCode = digitsOf(query, 'area_code');
  if (areaCode !== undefined && !/^[2-9]\d{2}$/.test(areaCode)) {
    throw invalid('area_code', 'must be three digits such as 415');
  }
  return {
    country,
    type: numberTypeNamed('type', type ?? numberType ?? typeDefault),
    areaCode: areaCodeCountries.has(country) ? areaCode : undefined,
    cityCode: areaCodeCountries.has(country) ? undefined : digitsOf(query, 'city_code'),
    contains: digitsOf(query, 'contains'),
    limit: limitOf(query),
  };
}

const digitsLengthMax = 15;

function digitsOf(query: Query, name: string): string | undefined {
  const text = textOf(query, name);
  if (text !== undefined && (!/^\d+$/.test(text) || text.length > digitsLengthMax)) {
    throw invalid(name, `must be 1 to ${digitsLengthMax} digits`);
  }
  return text;
}

/** The same in core words; `cityCode` is what the caller or the caller's address says. */
export function filtersOf(
  search: Search,
  country: Country,
  cityCode: string | undefined,
  environment: Environment,
): NumberFilters {
  const place = search.areaCode ?? (cityCode === undefined ? '' : cityDigits(country.code, cityCode));
  return {
    environment,
    country: country.code,
    type: search.type,
    contains: search.contains,
    startsWith: place === '' ? undefined : `${country.callingCode}${place}`,
  };
}

/** What a purchase asks for (contract 2.2). */
export interface Purchase {
  readonly numberId: number;
  readonly country: string;
  readonly type: NumberType;
  readonly addressId: number | undefined;
  readonly cityCode: string | undefined;
}

/** Raises invalid_input, missing_input. */
export function purchaseOf(asked: unknown, environment: Environment): Purchase {
  const body = objectBody(asked);
  const digits = parseE164(requiredText(body, 'phone_number').trim());
  if (digits === undefined) throw invalid('phone_number', 'must be an E.164 number such as +12025550143');
  const cityCode = textField(body, 'city_code');
  if (cityCode !== undefined && !/^\d{1,15}$/.test(cityCode)) {
    throw invalid('city_code', 'must be digits such as 030');
  }
  return {
    numberId: numberIdOf(digits, environment),
    country: countryCodeOf('country_code', textField(body, 'country_code') ?? countryDefault),
    type: numberTypeNamed('number_type', textField(body, 'number_type') ?? typeDefault),
    addressId: idField(body, 'address_id'),
    cityCode,
  };
}

/** The whole list of tags (contract 4.3). Raises missing_input, invalid_input. */
export function tagsOf(asked: unknown): string[] {
  const { tags } = objectBody(asked);
  if (tags === undefined) throw domainError('missing_input', { field: 'tags' });
  if (!Array.isArray(tags)) throw invalid('tags', 'must be an array of strings');
  return tags.map((tag: unknown) => {
    if (typeof tag !== 'string') throw invalid('tags', 'must be an array of strings');
    return tag;
  });
}
