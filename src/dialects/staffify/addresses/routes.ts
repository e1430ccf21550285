import {
  addDocument,
  admitDocument,
  createAddress,
  documentDemands,
  getAddress,
  listAddresses,
  submitAddress,
} from '../../../core/compliance/index.js';
import type { Address } from '../../../core/compliance/index.js';
import { checkAddress } from '../../../core/rentals/index.js';
import { uploadedFile } from '../../../http/upload/receive.js';
import type { WireRoute } from '../../../http/wire.js';
import { idNamed } from '../ids.js';
import { cut, pageOf } from '../paging.js';
import { objectBody, textField } from '../../../http/body.js';
import { countryCodeOf, requiredText, textOf } from '../parse.js';
import { domainError } from '../../../core/errors.js';
import { requiresAddress, servedCountry } from '../phone-numbers/eligibility.js';
import { addressOf } from './request.js';

const path = '/addresses/:addressId';

/** Contract 5: addresses, their documents and their verification. */
export const addressRoutes: readonly WireRoute[] = [
  {
    method: 'GET',
    path: '/addresses/requirements',
    answer: async (ctx, { query }) => {
      const text = textOf(query, 'country');
      if (text === undefined) throw domainError('missing_input', { field: 'country' });
      const country = await servedCountry(ctx, countryCodeOf('country', text), 'country');
      return {
        country: country.code,
        requires_address: requiresAddress(country.code),
        requires_city_code: country.localPresence,
        documents: documentDemands,
      };
    },
  },
  {
    method: 'POST',
    path: '/addresses',
    status: 201,
    answer: async (ctx, { body }) => {
      const { id } = await createAddress({ ctx, input: addressOf(body) });
      return { address_id: id };
    },
  },
  {
    method: 'GET',
    path: '/addresses',
    answer: async (ctx, { query }) => {
      const { limit, beforeId } = pageOf(query);
      const rows = await listAddresses({ ctx, input: { beforeId, limit: limit + 1 } });
      const { page, nextCursor } = cut(rows, limit);
      return { addresses: page.map(render), next_cursor: nextCursor };
    },
  },
  {
    method: 'GET',
    path,
    answer: async (ctx, { params }) => render(await getAddress({ ctx, input: { addressId: idOf(params) } })),
  },
  {
    method: 'POST',
    path: `${path}/documents`,
    status: 201,
    admitUpload: (ctx, params) => admitDocument({ ctx, input: { addressId: idOf(params) } }),
    answer: async (ctx, { params, body: asked }) => {
      const addressId = idOf(params);
      await getAddress({ ctx, input: { addressId } });
      const body = objectBody(asked);
      const type = requiredText(body, 'document_type');
      textField(body, 'content_base64');
      const file = uploadedFile(body);
      const filename = textField(body, 'filename') ?? type;
      const document = await addDocument({ ctx, input: { addressId, type, filename, file } });
      return { document_id: document.id, document_type: document.type };
    },
  },
  {
    method: 'POST',
    path: `${path}/submit`,
    answer: async (ctx, { params }) =>
      statusOf(await submitAddress({ ctx, input: { addressId: idOf(params) } })),
  },
  {
    method: 'POST',
    path: `${path}/check-status`,
    answer: async (ctx, { params }) =>
      statusOf(await checkAddress({ ctx, input: { addressId: idOf(params) } })),
  },
];

function idOf(params: Readonly<Record<string, string>>): number {
  return idNamed('address', params['addressId'] ?? '');
}

function statusOf({ id, status }: Address) {
  return { address_id: id, status };
}

function render(address: Address) {
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
