import type { AddressInput } from '../../../core/compliance/index.js';
import { domainError } from '../../../core/errors.js';
import { objectBody, textField } from '../../../http/body.js';
import { readAll } from '../../../http/faults.js';
import { uploadedFile } from '../../../http/upload/receive.js';
import type { Asked } from '../../../http/wire.js';
import { idNamed } from '../ids.js';
import { countryCodeOf, requiredText, textOf } from '../parse.js';

/** The fields of a new address (contract 5.2); the core says what is wrong with each. */
export function addressOf(asked: unknown): AddressInput {
  const body = objectBody(asked);
  return readAll({
    streetAddress: () => requiredText(body, 'street_address'),
    city: () => requiredText(body, 'city'),
    postalCode: () => requiredText(body, 'postal_code'),
    country: () => requiredText(body, 'country_code'),
    contactName: () => requiredText(body, 'contact_name'),
    contactEmail: () => requiredText(body, 'contact_email'),
    contactPhone: () => requiredText(body, 'contact_phone'),
    companyName: () => textField(body, 'company_name'),
    cityCode: () => textField(body, 'city_code'),
  });
}

/** Raises not_found for what is no id. */
export function addressNamed({ params }: Pick<Asked, 'params'>): { readonly addressId: number } {
  return { addressId: idNamed('address', params['addressId'] ?? '') };
}

/** The country whose requirements are asked for. Raises missing_input, invalid_input. */
export function requirementsOf({ query }: Asked) {
  const text = textOf(query, 'country');
  if (text === undefined) throw domainError('missing_input', { field: 'country' });
  return { code: countryCodeOf('country', text), field: 'country' };
}

/** A file and what it is. Raises missing_input, invalid_input, not_found. */
export function documentOf(asked: Asked) {
  const named = addressNamed(asked);
  const body = objectBody(asked.body);
  const { type, file, filename } = readAll({
    type: () => requiredText(body, 'document_type'),
    text: () => textField(body, 'content_base64'),
    file: () => uploadedFile(body),
    filename: () => textField(body, 'filename'),
  });
  return { ...named, type, file, filename: filename ?? type };
}
