import { Type } from 'typebox';
import type { Static } from 'typebox';
import { featuresOf } from '../../../core/catalogue/index.js';
import { accountAsked } from '../../../http/route.js';
import { ownRoute } from '../kit.js';
import { positionOf, renderPage, rowsFor, withoutPage } from '../paging.js';
import {
  closed,
  CountryCode,
  Currency,
  named,
  NumberTypeName,
  pageOf,
  PageQuery,
  PlaceId,
  PriceShape,
} from '../schemas.js';
import { getPriced, searchPriced } from './verbs.js';
import type { PricedGroup } from './verbs.js';

const GroupShape = named(
  'Group',
  Type.Object({
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
  }),
);
const tag = 'Catalogue';

/** Ids of groups are four bytes. */
const groupIdMax = 2_147_483_647;

const GroupsQuery = Type.Object(
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
);

export const groupRoutes = [
  ownRoute({
    method: 'GET',
    path: '/groups',
    tag,
    summary: 'Groups of alike numbers that have something to sell, with prices',
    query: GroupsQuery,
    reply: pageOf(GroupShape),
    read: ({ query, account }) => ({
      environment: accountAsked({ account }).environment,
      filters: {
        country: query.country.toUpperCase(),
        regionId: query.region_id,
        cityId: query.city_id,
        type: query.type,
        locationStartsWith: query.location,
        prefixDigits: query.prefix,
      },
      afterId: positionOf(query.cursor, groupFilters(query), 0, groupIdMax),
      limit: rowsFor(query),
      currency: query.currency,
    }),
    verb: searchPriced,
    render: (groups, { query }) => renderPage(groups, query, groupFilters(query), renderGroup),
  }),
  ownRoute({
    method: 'GET',
    path: '/groups/:group',
    tag,
    summary: 'One group',
    params: Type.Object({ group: Type.String() }),
    query: Type.Object({ currency: Type.Optional(Currency) }, closed),
    reply: GroupShape,
    read: ({ params, query }) => ({ group: params.group, currency: query.currency }),
    verb: getPriced,
    render: renderGroup,
  }),
];

/** What a cursor of the list holds for: a price in another currency is another view of the same groups. */
function groupFilters(query: Static<typeof GroupsQuery>) {
  const filters = withoutPage(query);
  delete filters.currency;
  return filters;
}

function renderGroup({ group, price }: PricedGroup) {
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
}
