import type { Country } from '../../../core/catalogue/index.js';
import { documentDemands } from '../../../core/compliance/index.js';
import type { Address, AddressDocument } from '../../../core/compliance/index.js';
import { cut } from '../paging.js';
import { requiresAddress } from '../phone-numbers/city-code.js';

/** Contract 5.1. */
export function renderRequirements({ code, localPresence }: Country) {
  return {
    country: code,
    requires_address: requiresAddress(code),
    requires_city_code: localPresence,
    documents: documentDemands,
  };
}

export function renderNewAddress({ id }: Address) {
  return { address_id: id };
}

export function renderDocument({ id, type }: AddressDocument) {
  return { document_id: id, document_type: type };
}

export function renderStatus({ id, status }: Address) {
  return { address_id: id, status };
}

export function renderAddress(address: Address) {
  return {
    id: address.id,
    street_address: address.streetAddress,
    city: address.city,
    postal_code: address.postalCode,
    country_code: address.country,
    contact_name: address.contactName,
    contact_email: address.contactEmail,
    contact_phone: address.contactPhone,
    company_name: address.companyName,
    city_code: address.cityCode,
    status: address.status,
    created_at: address.createdAt,
    updated_at: address.updatedAt,
  };
}

export function renderAddressPage({ rows, limit }: { readonly rows: Address[]; readonly limit: number }) {
  const { page, nextCursor } = cut(rows, limit);
  return { addresses: page.map(renderAddress), next_cursor: nextCursor };
}
