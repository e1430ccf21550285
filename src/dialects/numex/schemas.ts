import { Type } from 'typebox';
import { numberTypes } from '../../core/catalogue/index.js';
import type { Static, TSchema } from 'typebox';

/** Shapes that several resources share. One source: types, validation and the API reference come from it. */

/** Every answer ignores no unknown field: a misspelt parameter is told, not swallowed. */
export const closed = { additionalProperties: false } as const;

/** A shape with a name: one schema of the API reference and one type of a client, however many routes use it. */
export function named<T extends TSchema>(title: string, shape: T): T {
  return Object.assign(shape, { title });
}

export const Timestamp = Type.String({ format: 'date-time', description: 'ISO 8601 in UTC' });
export const E164 = Type.String({
  pattern: '^\\+[1-9][0-9]{6,14}$',
  description: 'E.164 with its plus sign',
  examples: ['+12135551234'],
});
export const CountryCode = Type.String({
  pattern: '^[A-Za-z]{2}$',
  description: 'ISO 3166-1 alpha-2',
  examples: ['US'],
});
/** A region or a city. */
export const PlaceId = Type.Integer({ minimum: -2_147_483_648, maximum: 2_147_483_647 });
/** One of these words. */
export function oneOf<T extends string>(words: readonly T[], description?: string) {
  return Type.Unsafe<T>({ type: 'string', enum: words, ...(description ? { description } : {}) });
}

export const NumberTypeName = oneOf(numberTypes);
/** What the caller ought to know although the request was done; absent where there is nothing. */
export const Warnings = Type.Optional(Type.Array(Type.String()));

export const Currency = Type.String({ pattern: '^[A-Z]{3}$', description: 'ISO 4217', examples: ['EUR'] });
export const Amount = Type.Integer({ description: 'Minor units of the currency: 500 is EUR 5.00' });

export const Money = named('Money', Type.Object({ amount_minor: Amount, currency: Currency }));

export const PriceShape = named(
  'Price',
  Type.Object({
    currency: Currency,
    setup_minor: Amount,
    recurring_minor: Amount,
    cycle: oneOf(['28d', 'month']),
  }),
);

export const PageQuery = {
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 50 })),
  cursor: Type.Optional(Type.String({ maxLength: 200, description: 'next_cursor of the page before' })),
};

export function pageOf<T extends TSchema>(item: T) {
  const page = Type.Object({
    data: Type.Array(item),
    next_cursor: Type.Union([Type.String(), Type.Null()]),
  });
  return listNamed(item, 'Page', page);
}

export function listOf<T extends TSchema>(item: T) {
  return listNamed(item, 'List', Type.Object({ data: Type.Array(item) }));
}

/** What answers to the deletion of a thing. */
export const Deleted = named('Deleted', Type.Object({ id: Type.String(), deleted: Type.Boolean() }));

/** A list is called after what is in it. */
function listNamed<T extends TSchema>(item: TSchema, kind: 'Page' | 'List', list: T): T {
  const { title } = item as { readonly title?: string };
  return title === undefined ? list : named(title + kind, list);
}

export type { Static };
