import { Type } from 'typebox';
import { numberTypes } from '../../core/catalogue/index.js';
import type { Static, TSchema } from 'typebox';

/** Shapes that several resources share. One source: types, validation and the API reference come from it. */

/** Every answer ignores no unknown field: a misspelt parameter is told, not swallowed. */
export const closed = { additionalProperties: false } as const;

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

export const Money = Type.Object({ amount_minor: Amount, currency: Currency });

export const PriceShape = Type.Object({
  currency: Currency,
  setup_minor: Amount,
  recurring_minor: Amount,
  cycle: oneOf(['28d', 'month']),
});

/** RFC 9457 with a stable `code`; `field` and further members say more where there is more to say. */
export const Problem = Type.Object(
  {
    type: Type.String(),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.String(),
    code: Type.String({ description: 'Stable: branch on this' }),
    request_id: Type.String(),
  },
  { additionalProperties: true, description: 'application/problem+json (RFC 9457)' },
);

export const PageQuery = {
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 50 })),
  cursor: Type.Optional(Type.String({ maxLength: 200, description: 'next_cursor of the page before' })),
};

export function pageOf<T extends TSchema>(item: T) {
  return Type.Object({
    data: Type.Array(item),
    next_cursor: Type.Union([Type.String(), Type.Null()]),
  });
}

export function listOf<T extends TSchema>(item: T) {
  return Type.Object({ data: Type.Array(item) });
}

export type { Static };
