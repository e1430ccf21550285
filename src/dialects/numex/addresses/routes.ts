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
import type { AddressStatus } from '../../../core/compliance/index.js';
import { checkAddress } from '../../../core/rentals/index.js';
import { ownRoute } from '../kit.js';
import { positionOf, renderPage, rowsFor } from '../paging.js';
import { closed, CountryCode, E164, oneOf, pageOf, PageQuery } from '../schemas.js';
import { addressNamed, addressParams, AddressShape, renderAddress, tag } from './shapes.js';

const Line = Type.String({ minLength: 1, maxLength: addressLineLengthMax });

export const addressRoutes = [
  ownRoute({
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
    read: ({ body }) => ({
      streetAddress: body.street_address,
      city: body.city,
      postalCode: body.postal_code,
      country: body.country,
      contactName: body.contact_name,
      contactEmail: body.contact_email,
      contactPhone: body.contact_phone,
      companyName: body.company_name,
      cityCode: body.city_code,
    }),
    verb: createAddress,
    render: renderAddress,
  }),
  ownRoute({
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
    read: ({ query }) => {
      const filters = addressFilters(query);
      const { status, country } = filters;
      return {
        statuses: status === undefined ? undefined : [status],
        country,
        beforeId: positionOf(query.cursor, filters, Number.MAX_SAFE_INTEGER),
        limit: rowsFor(query),
      };
    },
    verb: listAddresses,
    render: (rows, { query }) => renderPage(rows, query, addressFilters(query), renderAddress),
  }),
  ownRoute({
    method: 'GET',
    path: '/addresses/:address',
    tag,
    summary: 'One address: the account sees its own, an admin key any',
    params: addressParams,
    reply: AddressShape,
    read: addressNamed,
    verb: getAddress,
    render: renderAddress,
  }),
  ownRoute({
    method: 'POST',
    path: '/addresses/:address/submit',
    tag,
    summary: 'Hand an address in for verification, which cannot be undone; a government id must be uploaded',
    params: addressParams,
    reply: AddressShape,
    read: addressNamed,
    verb: submitAddress,
    render: renderAddress,
  }),
  ownRoute({
    method: 'POST',
    path: '/addresses/:address/check',
    tag,
    summary:
      'Ask how the verification goes. Where the exchange decides by itself (in the test environment), the address is ' +
      'verified now; rejected when its contact is called REJECT, partially verified when PARTIAL',
    params: addressParams,
    reply: AddressShape,
    read: addressNamed,
    verb: checkAddress,
    render: renderAddress,
  }),
];

interface AddressQuery {
  readonly status?: AddressStatus;
  readonly country?: string;
}

/** What a cursor of the list holds for. */
function addressFilters({ status, country }: AddressQuery) {
  return { list: 'addresses', status, country: country?.toUpperCase() };
}
