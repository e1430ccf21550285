import type { AddressInput } from '../../../core/compliance/index.js';
import { domainError } from '../../../core/errors.js';
import { objectBody, textField } from '../../../http/body.js';
import { requiredText } from '../parse.js';

const requiredFields = [
  'street_address',
  'city',
  'postal_code',
  'country_code',
  'contact_name',
  'contact_email',
  'contact_phone',
];

/** The fields of a new address (contract 5.2); the core says what is wrong with each. */
export function addressOf(asked: unknown): AddressInput {
  const body = objectBody(asked);
  const absent = requiredFields.filter((name) => (textField(body, name) ?? '').trim() === '');
  const [field, ...others] = absent;
  if (field !== undefined) throw domainError('missing_input', { field, others });
  return {
    streetAddress: requiredText(body, 'street_address'),
    city: requiredText(body, 'city'),
    postalCode: requiredText(body, 'postal_code'),
    country: requiredText(body, 'country_code'),
    contactName: requiredText(body, 'contact_name'),
    contactEmail: requiredText(body, 'contact_email'),
    contactPhone: requiredText(body, 'contact_phone'),
    companyName: textField(body, 'company_name'),
    cityCode: textField(body, 'city_code'),
  };
}
