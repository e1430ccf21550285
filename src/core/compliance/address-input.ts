import { textFault } from '../../lib/text.js';
import { parseE164 } from '../../lib/e164.js';
import { domainError } from '../errors.js';
import { readAll } from '../faults.js';
import type { AddressFields } from './address.js';

/** An address as a caller gives it; what may be left out is null or absent. */
export type AddressInput = Omit<AddressFields, 'companyName' | 'cityCode'> & {
  readonly companyName?: string | null | undefined;
  readonly cityCode?: string | null | undefined;
};

/** Characters that a line of an address may have at most. */
export const addressLineLengthMax = 200;
export const postalCodeLengthMax = 20;
export const decisionReasonLengthMax = 500;

const emailShape = /^[^\s@]+@[^\s@]+$/;
const cityCodeShape = /^(?=\d{1,10}$)0*[1-9]\d*$/;

/**
 * Raises invalid_input, which names every field that is wrong as the table does. `knownCountry` is whether the table of
 * countries has the one that is given.
 */
export function cleanAddress(input: AddressInput, knownCountry: boolean): AddressFields {
  return readAll({
    streetAddress: () => line('street_address', input.streetAddress),
    city: () => line('city', input.city),
    postalCode: () => line('postal_code', input.postalCode, postalCodeLengthMax),
    country: () => country(input.country, knownCountry),
    contactName: () => line('contact_name', input.contactName),
    contactEmail: () => email(input.contactEmail),
    contactPhone: () => phone(input.contactPhone),
    companyName: () => optional(input.companyName, (text) => line('company_name', text)),
    cityCode: () => optional(input.cityCode, cityCode),
  });
}

/** Why something was decided: a line of text, or nothing. Raises invalid_input. */
export function cleanReason(reason: string | undefined): string | null {
  return reason === undefined ? null : line('reason', reason, decisionReasonLengthMax);
}

function optional(text: string | null | undefined, clean: (text: string) => string): string | null {
  return text === null || text === undefined ? null : clean(text);
}

function line(field: string, text: string, lengthMax = addressLineLengthMax): string {
  const clean = text.trim();
  const reason = textFault(clean, lengthMax);
  if (reason !== undefined) throw domainError('invalid_input', { field, reason });
  return clean;
}

function country(text: string, isKnown: boolean): string {
  if (!isKnown) {
    const reason = 'must be the code of a known country';
    throw domainError('invalid_input', { field: 'country', reason });
  }
  return text.toUpperCase();
}

function email(text: string): string {
  const field = 'contact_email';
  const clean = line(field, text);
  if (!emailShape.test(clean))
    throw domainError('invalid_input', { field, reason: 'must be an email address' });
  return clean;
}

function phone(text: string): string {
  if (parseE164(text) === undefined) {
    const reason = 'must be in E.164, with its plus sign';
    throw domainError('invalid_input', { field: 'contact_phone', reason });
  }
  return text;
}

function cityCode(text: string): string {
  if (!cityCodeShape.test(text)) {
    const reason = 'must be the dialling code of the city in 1 to 10 digits, such as 030';
    throw domainError('invalid_input', { field: 'city_code', reason });
  }
  return text;
}
