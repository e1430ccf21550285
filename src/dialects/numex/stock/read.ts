import { Type } from 'typebox';
import { featureNames } from '../../../core/catalogue/index.js';
import { stockStates } from '../../../core/stock/index.js';
import { phonewordToDigits } from '../../../lib/e164.js';
import { closed, CountryCode, Currency, NumberTypeName, oneOf, PageQuery, PlaceId } from '../schemas.js';
import type { StockAsked } from './verbs.js';

export const EnvironmentAsked = Type.Optional(oneOf(['live', 'test'], 'live unless it says otherwise'));

/** What the list and the counts have in common. */
export const placeFilters = {
  environment: EnvironmentAsked,
  country: Type.Optional(CountryCode),
  region_id: Type.Optional(PlaceId),
  group_id: Type.Optional(Type.String({ maxLength: 100 })),
  type: Type.Optional(NumberTypeName),
};

const digits = (description: string) =>
  Type.Optional(Type.String({ pattern: '^[0-9A-Za-z]{1,15}$', description }));

export const StockQuery = Type.Object(
  {
    ...placeFilters,
    city_id: Type.Optional(PlaceId),
    features: Type.Optional(Type.Array(oneOf(featureNames), { maxItems: 5 })),
    starts_with: digits('First digits; without the country code where a country or place is named'),
    contains: digits('Digits anywhere in the number'),
    ends_with: digits('Last digits'),
    pattern: Type.Optional(
      Type.String({ pattern: '^[0-9A-Za-z*?+]{1,32}$', description: '`*` for any digits, `?` for one' }),
    ),
    exclude: Type.Optional(Type.Array(Type.String({ pattern: '^[+]?[0-9]{1,15}$' }), { maxItems: 20 })),
    state: Type.Optional(oneOf(stockStates)),
    holder: Type.Optional(
      Type.String({ maxLength: 40, description: 'Account that rents them or, with state=held, holds them' }),
    ),
    own_price_in: Type.Optional(Currency),
    max_recurring_minor: Type.Optional(
      Type.Integer({ minimum: 0, description: 'Of the number’s own price; needs own_price_in' }),
    ),
    ...PageQuery,
  },
  closed,
);
export type StockQuery = Type.Static<typeof StockQuery>;

/** Which numbers are wanted, groups and accounts still by their public ids. */
export function stockAsked(query: StockQuery): StockAsked {
  const word = (text: string | undefined) => (text === undefined ? undefined : phonewordToDigits(text));
  return {
    group: query.group_id,
    holder: query.holder,
    filters: {
      environment: query.environment ?? 'live',
      country: query.country?.toUpperCase(),
      regionId: query.region_id,
      cityId: query.city_id,
      type: query.type,
      features: query.features,
      startsWith: word(query.starts_with),
      contains: word(query.contains),
      endsWith: word(query.ends_with),
      pattern: word(query.pattern),
      exclude: query.exclude?.map((prefix) => prefix.replace('+', '')),
      state: query.state,
      ownPriceIn: query.own_price_in,
      recurringMinorMax: query.max_recurring_minor,
    },
  };
}
