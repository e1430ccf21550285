import { Type } from 'typebox';
import { listCities, listCountries, listRegions } from '../../../core/catalogue/index.js';
import { listRequirements, requirementSentences } from '../../../core/compliance/index.js';
import { ownRoute } from '../kit.js';
import { positionsOf, renderPage, rowsFor } from '../paging.js';
import {
  closed,
  CountryCode,
  listOf,
  named,
  NumberTypeName,
  pageOf,
  PageQuery,
  PlaceId,
} from '../schemas.js';

const CountryShape = named(
  'Country',
  Type.Object({
    code: Type.String(),
    name: Type.String(),
    calling_code: Type.String(),
    local_presence: Type.Boolean({
      description: 'Local numbers are for addresses whose city code begins the number',
    }),
  }),
);
const RegionShape = named(
  'Region',
  Type.Object({
    id: Type.Integer(),
    country: Type.String(),
    code: Type.String(),
    name: Type.String(),
  }),
);
const CityShape = named(
  'City',
  Type.Object({
    id: Type.Integer(),
    country: Type.String(),
    region_id: Type.Union([Type.Integer(), Type.Null()]),
    name: Type.String(),
    time_zone: Type.Union([Type.String(), Type.Null()]),
  }),
);
const RequirementShape = named(
  'Requirement',
  Type.Object({
    country: Type.String(),
    type: Type.String(),
    needs_registration: Type.Boolean(),
    address_scope: Type.Union([Type.String(), Type.Null()]),
    address_proof: Type.Boolean(),
    identity_proof: Type.Boolean(),
    identity_type: Type.Union([Type.String(), Type.Null()]),
    tax_id: Type.Boolean(),
    extra_form: Type.Boolean(),
    service_description: Type.Boolean(),
    documents: Type.Array(Type.String()),
  }),
);
const tag = 'Catalogue';

export const catalogueRoutes = [
  ownRoute({
    method: 'GET',
    path: '/countries',
    tag,
    summary: 'Countries of the numbering plan',
    reply: listOf(CountryShape),
    read: () => undefined,
    verb: listCountries,
    render: (countries) => ({
      data: countries.map(({ code, name, callingCode, localPresence }) => ({
        code,
        name,
        calling_code: callingCode,
        local_presence: localPresence,
      })),
    }),
  }),
  ownRoute({
    method: 'GET',
    path: '/regions',
    tag,
    summary: 'Regions of a country (US, CA and GB have them)',
    query: Type.Object({ country: CountryCode }, closed),
    reply: listOf(RegionShape),
    read: ({ query }) => ({ country: query.country.toUpperCase() }),
    verb: listRegions,
    render: (regions) => ({ data: regions }),
  }),
  ownRoute({
    method: 'GET',
    path: '/cities',
    tag,
    summary: 'Cities of a country or region, by name',
    query: Type.Object(
      {
        country: CountryCode,
        region_id: Type.Optional(PlaceId),
        name: Type.Optional(
          Type.String({
            minLength: 1,
            maxLength: 100,
            description: 'A part of the name, in any case of letters',
          }),
        ),
        ...PageQuery,
      },
      closed,
    ),
    reply: pageOf(CityShape),
    read: ({ query }) => {
      const filters = cityFilters(query);
      const afterId = positionsOf(query.cursor, ['cities', filters])?.[0];
      return { ...filters, afterId, limit: rowsFor(query) };
    },
    verb: listCities,
    render: (cities, { query }) =>
      renderPage(cities, query, ['cities', cityFilters(query)], (city) => ({
        id: city.id,
        country: city.country,
        region_id: city.regionId,
        name: city.name,
        time_zone: city.timeZone,
      })),
  }),
  ownRoute({
    method: 'GET',
    path: '/requirements',
    tag,
    summary: 'What a country demands of a buyer, by type of number (no legal advice)',
    query: Type.Object({ country: CountryCode, type: Type.Optional(NumberTypeName) }, closed),
    reply: listOf(RequirementShape),
    read: ({ query }) => ({
      country: query.country.toUpperCase(),
      ...(query.type === undefined ? {} : { types: [query.type] }),
    }),
    verb: listRequirements,
    render: (requirements) => ({
      data: requirements.map((r) => ({
        country: r.country,
        type: r.type,
        needs_registration: r.needsRegistration,
        address_scope: r.addressScope,
        address_proof: r.addressProof,
        identity_proof: r.identityProof,
        identity_type: r.identityType,
        tax_id: r.taxId,
        extra_form: r.extraForm,
        service_description: r.serviceDescription,
        documents: requirementSentences(r),
      })),
    }),
  }),
];

interface CityQuery {
  readonly country: string;
  readonly region_id?: number;
  readonly name?: string;
}

function cityFilters({ country, region_id: regionId, name }: CityQuery) {
  return { country: country.toUpperCase(), regionId, name };
}
