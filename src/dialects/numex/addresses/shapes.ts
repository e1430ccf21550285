import { Type } from 'typebox';
import { addressStatuses } from '../../../core/compliance/index.js';
import type { Address } from '../../../core/compliance/index.js';
import { readId, spellId } from '../ids.js';
import { named, oneOf, Timestamp } from '../schemas.js';

const orNull = Type.Union([Type.String(), Type.Null()]);
const timeOrNull = Type.Union([Timestamp, Type.Null()]);

export const AddressShape = named(
  'Address',
  Type.Object({
    id: Type.String(),
    account_id: Type.String(),
    street_address: Type.String(),
    city: Type.String(),
    postal_code: Type.String(),
    country: Type.String(),
    contact_name: Type.String(),
    contact_email: Type.String(),
    contact_phone: Type.String(),
    company_name: orNull,
    city_code: orNull,
    status: oneOf(addressStatuses),
    decision_reason: orNull,
    created_at: Timestamp,
    updated_at: Timestamp,
    submitted_at: timeOrNull,
    decided_at: timeOrNull,
  }),
);

export const addressParams = Type.Object({ address: Type.String() });
export const tag = 'Addresses';

/** Raises not_found for what is no id of an address. */
export function addressNamed(asked: { readonly params: { readonly address: string } }) {
  return { addressId: readId('address', asked.params.address) };
}

export function renderAddress(address: Address) {
  return {
    id: spellId('address', address.id),
    account_id: address.accountPublicId,
    street_address: address.streetAddress,
    city: address.city,
    postal_code: address.postalCode,
    country: address.country,
    contact_name: address.contactName,
    contact_email: address.contactEmail,
    contact_phone: address.contactPhone,
    company_name: address.companyName,
    city_code: address.cityCode,
    status: address.status,
    decision_reason: address.decisionReason,
    created_at: address.createdAt,
    updated_at: address.updatedAt,
    submitted_at: address.submittedAt,
    decided_at: address.decidedAt,
  };
}
