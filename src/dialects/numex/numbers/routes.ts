import { Type } from 'typebox';
import { actingAccount } from '../../../core/authority/index.js';
import { featureNames, getGroup, getGroups } from '../../../core/catalogue/index.js';
import type { Feature, Group, NumberType } from '../../../core/catalogue/index.js';
import { searchNumbers } from '../../../core/stock/index.js';
import type { FoundNumber, NumberFilters } from '../../../core/stock/index.js';
import type { RootContext } from '../../../core/context.js';
import { e164Of } from '../../../core/number-id.js';
import { phonewordToDigits } from '../../../lib/e164.js';
import { spellNumberId } from '../ids.js';
import { route } from '../kit.js';
import { pageSizeDefault } from '../paging.js';
import { closed, CountryCode, NumberTypeName, oneOf, pageOf, PageQuery, PlaceId } from '../schemas.js';

const NumberShape = Type.Object({
  id: Type.String(),
  number: Type.String(),
  group_id: Type.String(),
  country: Type.String(),
  type: Type.String(),
  region_id: Type.Union([Type.Integer(), Type.Null()]),
  city_id: Type.Union([Type.Integer(), Type.Null()]),
  location: Type.String(),
  features: Type.Array(Type.String()),
});

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
  route({
    method: 'GET',
    path: '/numbers',
    tag: 'Numbers',
    summary: 'Search numbers in stock by place, type, features and digits',
    query: SearchQuery,
    reply: pageOf(NumberShape),
    answer: async (ctx, { query }) => {
      const filters = await filtersOf(ctx, query);
      const { numbers, nextCursor } = await searchNumbers({
        ctx,
        input: { filters, limit: query.limit ?? pageSizeDefault, cursor: query.cursor },
      });
      const groups = await getGroups({ ctx, input: { ids: numbers.map((found) => found.groupId) } });
      return {
        data: numbers.map((found) => renderNumber(found, groups.get(found.groupId))),
        next_cursor: nextCursor,
      };
    },
  }),
];

interface NumberQuery {
  readonly country?: string;
  readonly region_id?: number;
  readonly city_id?: number;
  readonly group_id?: string;
  readonly type?: NumberType;
  readonly features?: Feature[];
  readonly starts_with?: string;
  readonly contains?: string;
  readonly ends_with?: string;
  readonly pattern?: string;
  readonly exclude?: readonly string[];
}

async function filtersOf(ctx: RootContext, query: NumberQuery): Promise<NumberFilters> {
  const group =
    query.group_id === undefined ? undefined : await getGroup({ ctx, input: { group: query.group_id } });
  const digits = (text: string | undefined) => (text === undefined ? undefined : phonewordToDigits(text));
  const given = {
    country: query.country?.toUpperCase(),
    regionId: query.region_id,
    cityId: query.city_id,
    groupId: group?.id,
    type: query.type,
    features: query.features,
    startsWith: digits(query.starts_with),
    contains: digits(query.contains),
    endsWith: digits(query.ends_with),
    pattern: digits(query.pattern),
    exclude: query.exclude?.map((prefix) => prefix.replace('+', '')),
  };
  const present = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  return { environment: actingAccount(ctx).environment, ...present };
}

function renderNumber(found: FoundNumber, group: Group | undefined) {
  return {
    id: spellNumberId(found.id),
    number: e164Of(found.id),
    group_id: group?.publicId ?? '',
    country: found.country,
    type: found.type,
    region_id: found.regionId,
    city_id: found.cityId,
    location: group?.location ?? '',
    features: found.features,
  };
}
