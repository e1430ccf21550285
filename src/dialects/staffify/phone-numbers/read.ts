import type { NumberType } from '../../../core/catalogue/index.js';
import { domainError } from '../../../core/errors.js';
import { numberIdOf } from '../../../core/number-id.js';
import { accountAsked } from '../../../http/route.js';
import type { Asked, Query } from '../../../http/wire.js';
import { parseE164 } from '../../../lib/e164.js';
import { creditCurrency } from '../credits/verbs.js';
import { agentIdNamed, idNamed } from '../ids.js';
import { limitOf } from '../paging.js';
import { invalid, objectBody, textField } from '../../../http/body.js';
import type { Body } from '../../../http/body.js';
import { readAll } from '../../../http/faults.js';
import { countryCodeOf, idField, requiredText, textOf } from '../parse.js';
import { areaCodeCountries, requiresAddress } from './city-code.js';
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
  const countryText = () => textOf(query, 'country_code') ?? countryDefault;
  const { areaCode, ...search } = readAll({
    country: () => countryCodeOf('country_code', countryText()),
    type: () => typeOf(query),
    areaCode: () => areaCodeOf(query),
    // Where there are area codes, a city code is not looked at.
    cityCode: () =>
      areaCodeCountries.has(countryText().toUpperCase()) ? undefined : digitsOf(query, 'city_code'),
    contains: () => digitsOf(query, 'contains'),
    limit: () => limitOf(query),
  });
  return { ...search, areaCode: areaCodeCountries.has(search.country) ? areaCode : undefined };
}

/** A type under either of its two names. */
function typeOf(query: Query): NumberType {
  const { type, numberType } = readAll({
    type: () => textOf(query, 'type'),
    numberType: () => textOf(query, 'number_type'),
  });
  if (type !== undefined && numberType !== undefined && type !== numberType) {
    throw invalid('number_type', 'differs from type');
  }
  return numberTypeNamed('type', type ?? numberType ?? typeDefault);
}

function areaCodeOf(query: Query): string | undefined {
  const areaCode = digitsOf(query, 'area_code');
  if (areaCode !== undefined && !/^[2-9]\d{2}$/.test(areaCode)) {
    throw invalid('area_code', 'must be three digits such as 415');
  }
  return areaCode;
}

const digitsLengthMax = 15;

function digitsOf(query: Query, name: string): string | undefined {
  const text = textOf(query, name);
  if (text !== undefined && (!/^\d+$/.test(text) || text.length > digitsLengthMax)) {
    throw invalid(name, `must be 1 to ${digitsLengthMax} digits`);
  }
  return text;
}

/** What the balance must be at least, whatever the number costs (contract 2.2). */
const minimumBalance = { currency: creditCurrency, amountMinor: 500 };

/** A purchase in core words, with the checks of contract 2.2 as its terms. Raises invalid_input, missing_input. */
export function purchaseOf(asked: Asked) {
  const body = objectBody(asked.body);
  const { digits, country, type, addressId, cityCode } = readAll({
    digits: () => numberField(body),
    country: () => countryCodeOf('country_code', textField(body, 'country_code') ?? countryDefault),
    type: () => numberTypeNamed('number_type', textField(body, 'number_type') ?? typeDefault),
    addressId: () => idField(body, 'address_id'),
    cityCode: () => cityCodeField(body),
  });
  const address = requiresAddress(country) ? { cityCode } : ('any_verified' as const);
  return {
    line: { numberId: numberIdOf(digits, accountAsked(asked).environment) },
    currency: creditCurrency,
    unmetRequirements: 'refuse' as const,
    addressId,
    terms: { described: { country, type }, address, minimumBalance },
  };
}

function numberField(body: Body): number {
  const digits = parseE164(requiredText(body, 'phone_number').trim());
  if (digits === undefined) throw invalid('phone_number', 'must be an E.164 number such as +12025550143');
  return digits;
}

function cityCodeField(body: Body): string | undefined {
  const cityCode = textField(body, 'city_code');
  if (cityCode !== undefined && !/^\d{1,15}$/.test(cityCode)) {
    throw invalid('city_code', 'must be digits such as 030');
  }
  return cityCode;
}

/** The id of an owned number in the path. Raises not_found for what is no id. */
export function ownedNamed({ params }: Asked): { readonly rentalId: number } {
  return { rentalId: idNamed('number', params['numberId'] ?? '') };
}

/** How this wire gives a number up (contract 4.6). Raises not_found. */
export function releaseOf(asked: Asked) {
  const how = { leaves: 'after_window', again: 'refuse', unlessAssignedTo: 'agent' } as const;
  return { ...ownedNamed(asked), ...how };
}

/** A number and the agent that it is to point at. Raises missing_input, invalid_input, not_found. */
export function assignmentOf(asked: Asked) {
  const target = { kind: 'agent', id: agentOf(asked.body) } as const;
  return { ...ownedNamed(asked), target, replace: 'allow' } as const;
}

/** An agent by its number, or by its public id as text. */
function agentOf(asked: unknown): number {
  const body = objectBody(asked);
  const { agent_id: agentId } = body;
  if (typeof agentId === 'string' && agentId.startsWith('agent_')) return agentIdNamed(agentId);
  const id = idField(body, 'agent_id');
  if (id === undefined) throw domainError('missing_input', { field: 'agent_id' });
  return id;
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
