import { Type } from 'typebox';
import { actingAccount } from '../../../core/authority/index.js';
import {
  featuresOf,
  getGroup,
  listCities,
  listCountries,
  listRegions,
  searchGroups,
} from '../../../core/catalogue/index.js';
import type { Group } from '../../../core/catalogue/index.js';
import { priceShelves } from '../../../core/billing/index.js';
import { listRequirements, requirementSentences } from '../../../core/compliance/index.js';
import type { RootContext } from '../../../core/context.js';
import { walletForPurchase } from '../../../core/ledger/index.js';
import { route } from '../kit.js';
import { pageOfRows, pageSizeDefault, positionOf, positionsOf } from '../paging.js';
import {
  closed,
  CountryCode,
  Currency,
  listOf,
  NumberTypeName,
  pageOf,
  PageQuery,
  PlaceId,
  PriceShape,
} from '../schemas.js';

const CountryShape = Type.Object({
  code: Type.String(),
  name: Type.String(),
  calling_code: Type.String(),
  local_presence: Type.Boolean({
    description: 'Local numbers are for addresses whose city code begins the number',
  }),
});
const RegionShape = Type.Object({
  id: Type.Integer(),
  country: Type.String(),
  code: Type.String(),
  name: Type.String(),
});
const CityShape = Type.Object({
  id: Type.Integer(),
  country: Type.String(),
  region_id: Type.Union([Type.Integer(), Type.Null()]),
  name: Type.String(),
  time_zone: Type.Union([Type.String(), Type.Null()]),
});
const GroupShape = Type.Object({
  id: Type.String(),
  country: Type.String(),
  type: Type.String(),
  region_id: Type.Union([Type.Integer(), Type.Null()]),
  city_id: Type.Union([Type.Integer(), Type.Null()]),
  location: Type.String(),
  prefix: Type.String(),
  features: Type.Array(Type.String()),
  allow_number_selection: Type.Boolean(),
  price: Type.Union([PriceShape, Type.Null()], { description: 'null when not sold in that currency' }),
});
const RequirementShape = Type.Object({
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
});
const tag = 'Catalogue';

/** Ids of groups are four bytes. */
const groupIdMax = 2_147_483_647;

export const catalogueRoutes = [
  route({
    method: 'GET',
    path: '/countries',
    tag,
    summary: 'Countries of the numbering plan',
    reply: listOf(CountryShape),
    answer: async (ctx) => ({
      data: (await listCountries({ ctx })).map(({ code, name, callingCode, localPresence }) => ({
        code,
        name,
        calling_code: callingCode,
        local_presence: localPresence,
      })),
    }),
  }),
  route({
    method: 'GET',
    path: '/regions',
    tag,
    summary: 'Regions of a country (US, CA and GB have them)',
    query: Type.Object({ country: CountryCode }, closed),
    reply: listOf(RegionShape),
    answer: async (ctx, { query }) => ({
      data: await listRegions({ ctx, input: { country: query.country.toUpperCase() } }),
    }),
  }),
  route({
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
    answer: async (ctx, { query }) => {
      const { region_id: regionId, name, limit = pageSizeDefault } = query;
      const filters = { country: query.country.toUpperCase(), regionId, name };
      const afterId = positionsOf(query.cursor, ['cities', filters])?.[0];
      const rows = await listCities({ ctx, input: { ...filters, afterId, limit: limit + 1 } });
      const { page, nextCursor } = pageOfRows(rows, limit, ['cities', filters]);
      return {
        data: page.map(({ id, country, name: cityName, regionId: region, timeZone }) => ({
          id,
          country,
          region_id: region,
          name: cityName,
          time_zone: timeZone,
        })),
        next_cursor: nextCursor,
      };
    },
  }),
  route({
    method: 'GET',
    path: '/requirements',
    tag,
    summary: 'What a country demands of a buyer, by type of number (no legal advice)',
    query: Type.Object({ country: CountryCode, type: Type.Optional(NumberTypeName) }, closed),
    reply: listOf(RequirementShape),
    answer: async (ctx, { query }) => {
      const types = query.type === undefined ? undefined : [query.type];
      const requirements = await listRequirements({
        ctx,
        input: { country: query.country.toUpperCase(), ...(types ? { types } : {}) },
      });
      return {
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
      };
    },
  }),
  route({
    method: 'GET',
    path: '/groups',
    tag,
    summary: 'Groups of alike numbers that have something to sell, with prices',
    query: Type.Object(
      {
        country: CountryCode,
        region_id: Type.Optional(PlaceId),
        city_id: Type.Optional(PlaceId),
        type: Type.Optional(NumberTypeName),
        location: Type.Optional(Type.String({ maxLength: 100, description: "Start of the place's name" })),
        prefix: Type.Optional(Type.String({ pattern: '^[0-9]{1,15}$' })),
        currency: Type.Optional(Currency),
        ...PageQuery,
      },
      closed,
    ),
    reply: pageOf(GroupShape),
    answer: async (ctx, { query }) => {
      const { limit = pageSizeDefault, cursor, currency, ...filters } = query;
      const groups = await searchGroups({
        ctx,
        input: {
          environment: actingAccount(ctx).environment,
          filters: {
            country: query.country.toUpperCase(),
            regionId: query.region_id,
            cityId: query.city_id,
            type: query.type,
            locationStartsWith: query.location,
            prefixDigits: query.prefix,
          },
          afterId: positionOf(cursor, filters, 0, groupIdMax),
          limit: limit + 1,
        },
      });
      const { page, nextCursor } = pageOfRows(groups, limit, filters);
      return {
        data: await renderGroups(ctx, page, currency),
        next_cursor: nextCursor,
      };
    },
  }),
  route({
    method: 'GET',
    path: '/groups/:group',
    tag,
    summary: 'One group',
    params: Type.Object({ group: Type.String() }),
    query: Type.Object({ currency: Type.Optional(Currency) }, closed),
    reply: GroupShape,
    answer: async (ctx, { params, query }) => {
      const group = await getGroup({ ctx, input: params });
      return (await renderGroups(ctx, [group], query.currency))[0];
    },
  }),
];

async function renderGroups(ctx: RootContext, groups: readonly Group[], currency: string | undefined) {
  const account = actingAccount(ctx);
  const wallet = await walletForPurchase({ ctx, input: { account, preferCurrency: currency } });
  const prices = await priceShelves({
    ctx,
    input: {
      priceListId: account.priceListId,
      currency: currency ?? wallet?.currency ?? 'EUR',
      shelves: groups.map(({ id, country, type }) => ({ groupId: id, country, type })),
    },
  });
  return groups.map((group) => {
    const price = prices.get(group.id);
    return {
      id: group.publicId,
      country: group.country,
      type: group.type,
      region_id: group.regionId,
      city_id: group.cityId,
      location: group.location,
      prefix: group.prefix,
      features: featuresOf(group.features),
      allow_number_selection: group.allowNumberSelection,
      price: price
        ? {
            currency: price.currency,
            setup_minor: price.setupMinor,
            recurring_minor: price.recurringMinor,
            cycle: price.cycle,
          }
        : null,
    };
  });
}
