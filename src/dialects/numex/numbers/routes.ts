import { Type } from 'typebox';
import { featureNames } from '../../../core/catalogue/index.js';
import type { Feature, NumberType } from '../../../core/catalogue/index.js';
import type { Account } from '../../../core/context.js';
import type { NumberFilters } from '../../../core/stock/index.js';
import { accountAsked } from '../../../http/route.js';
import { phonewordToDigits } from '../../../lib/e164.js';
import { ownRoute } from '../kit.js';
import { pageSizeDefault } from '../paging.js';
import { closed, CountryCode, NumberTypeName, oneOf, pageOf, PageQuery, PlaceId } from '../schemas.js';
import { NumberShape, renderNumber } from './shapes.js';
import { searchShelves } from './verbs.js';

const digitRun = (what: string) =>
  Type.Optional(
    Type.String({
      pattern: '^[0-9A-Za-z]{1,15}$',
      description: `${what}; letters count as keypad digits (FLOWERS)`,
    }),
  );

const FeatureName = oneOf(featureNames);

const SearchQuery = Type.Object(
  {
    country: Type.Optional(CountryCode),
    region_id: Type.Optional(PlaceId),
    city_id: Type.Optional(PlaceId),
    group_id: Type.Optional(Type.String({ maxLength: 100 })),
    type: Type.Optional(NumberTypeName),
    features: Type.Optional(
      Type.Array(FeatureName, { maxItems: 5, description: 'Numbers that have all of these' }),
    ),
    starts_with: digitRun('First digits, with or without the country code'),
    contains: digitRun('Digits anywhere in the number'),
    ends_with: digitRun('Last digits'),
    pattern: Type.Optional(
      Type.String({
        pattern: '^[0-9A-Za-z*?+]{1,40}$',
        description:
          '`*` stands for any digits, `?` for one, letters for keypad digits: `1800FLOWERS`, `*7777`',
      }),
    ),
    exclude: Type.Optional(
      Type.Array(Type.String({ pattern: '^[+]?[0-9]{1,15}$' }), {
        maxItems: 20,
        description: 'Prefixes to leave out',
      }),
    ),
    ...PageQuery,
  },
  closed,
);

export const numberRoutes = [
  ownRoute({
    method: 'GET',
    path: '/numbers',
    tag: 'Numbers',
    summary: 'Search numbers in stock by place, type, features and digits',
    query: SearchQuery,
    reply: pageOf(NumberShape),
    read: (asked) => ({
      filters: filtersOf(asked.query, accountAsked(asked)),
      group: asked.query.group_id,
      limit: asked.query.limit ?? pageSizeDefault,
      cursor: asked.query.cursor,
    }),
    verb: searchShelves,
    render: ({ numbers, groups, nextCursor }) => ({
      data: numbers.map((found) => renderNumber(found, groups.get(found.groupId))),
      next_cursor: nextCursor,
    }),
  }),
];

interface NumberQuery {
  readonly country?: string;
  readonly region_id?: number;
  readonly city_id?: number;
  readonly type?: NumberType;
  readonly features?: Feature[];
  readonly starts_with?: string;
  readonly contains?: string;
  readonly ends_with?: string;
  readonly pattern?: string;
  readonly exclude?: readonly string[];
}

function filtersOf(query: NumberQuery, { environment }: Account): NumberFilters {
  const digits = (text: string | undefined) => (text === undefined ? undefined : phonewordToDigits(text));
  const given = {
    country: query.country?.toUpperCase(),
    regionId: query.region_id,
    cityId: query.city_id,
    type: query.type,
    features: query.features,
    startsWith: digits(query.starts_with),
    contains: digits(query.contains),
    endsWith: digits(query.ends_with),
    pattern: digits(query.pattern),
    exclude: query.exclude?.map((prefix) => prefix.replace('+', '')),
  };
  const present = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  return { environment, ...present };
}
