import { Type } from 'typebox';
import {
  addressLineLengthMax,
  addressStatuses,
  createAddress,
  getAddress,
  listAddresses,
  postalCodeLengthMax,
  submitAddress,
} from '../../../core/compliance/index.js';
import { checkAddress } from '../../../core/rentals/index.js';
import { readId } from '../ids.js';
import { route } from '../kit.js';
import { pageOfRows, pageSizeDefault, positionOf } from '../paging.js';
import { closed, CountryCode, E164, oneOf, pageOf, PageQuery } from '../schemas.js';
import { addressParams, AddressShape, renderAddress, tag } from './shapes.js';

const Line = Type.String({ minLength: 1, maxLength: addressLineLengthMax });

export const addressRoutes = [
  route({
    method: 'POST',
    path: '/addresses',
    tag,
    summary: 'Make an address that numbers can be registered with; it begins as a draft',
    status: 201,
    body: Type.Object(
      {
        street_address: Line,
        city: Line,
        postal_code: Type.String({ minLength: 1, maxLength: postalCodeLengthMax }),
        country: CountryCode,
        contact_name: Line,
        contact_email: Line,
        contact_phone: E164,
        company_name: Type.Optional(Line),
        city_code: Type.Optional(
          Type.String({
            pattern: '^[0-9]{1,10}$',
            description: 'Dialling code of the city with its zero, for countries with local presence',
            examples: ['030'],
          }),
        ),
      },
      closed,
    ),
    reply: AddressShape,
    answer: async (ctx, { body }) =>
      renderAddress(
        await createAddress({
          ctx,
          input: {
            streetAddress: body.street_address,
            city: body.city,
            postalCode: body.postal_code,
            country: body.country,
            contactName: body.contact_name,
            contactEmail: body.contact_email,
            contactPhone: body.contact_phone,
            companyName: body.company_name,
            cityCode: body.city_code,
          },
        }),
      ),
  }),
  route({
    method: 'GET',
    path: '/addresses',
    tag,
    summary: 'Addresses of the account, newest first',
    query: Type.Object(
      {
        status: Type.Optional(oneOf(addressStatuses)),
        country: Type.Optional(CountryCode),
        ...PageQuery,
      },
      closed,
    ),
    reply: pageOf(AddressShape),
    answer: async (ctx, { query }) => {
      const { limit = pageSizeDefault, cursor, status } = query;
      const country = query.country?.toUpperCase();
      const filters = { list: 'addresses', status, country };
      const statuses = status === undefined ? undefined : [status];
      const beforeId = positionOf(cursor, filters, Number.MAX_SAFE_INTEGER);
      const rows = await listAddresses({
        ctx,
        input: { statuses, country, beforeId, limit: limit + 1 },
      });
      const { page, nextCursor } = pageOfRows(rows, limit, filters);
      return { data: page.map(renderAddress), next_cursor: nextCursor };
    },
  }),
  route({
    method: 'GET',
    path: '/addresses/:address',
    tag,
    summary: 'One address: the account sees its own, an admin key any',
    params: addressParams,
    reply: AddressShape,
    answer: async (ctx, { params }) =>
      renderAddress(await getAddress({ ctx, input: { addressId: readId('address', params.address) } })),
  }),
  route({
    method: 'POST',
    path: '/addresses/:address/submit',
    tag,
    summary: 'Hand an address in for verification, which cannot be undone; a government id must be uploaded',
    params: addressParams,
    reply: AddressShape,
    answer: async (ctx, { params }) =>
      renderAddress(await submitAddress({ ctx, input: { addressId: readId('address', params.address) } })),
  }),
  route({
    method: 'POST',
    path: '/addresses/:address/check',
    tag,
    summary:
      'Ask how the verification goes. Where the exchange decides by itself (in the test environment), the address is ' +
      'verified now; rejected when its contact is called REJECT, partially verified when PARTIAL',
    params: addressParams,
    reply: AddressShape,
    answer: async (ctx, { params }) =>
      renderAddress(await checkAddress({ ctx, input: { addressId: readId('address', params.address) } })),
  }),
];
