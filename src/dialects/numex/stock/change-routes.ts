import { Type } from 'typebox';
import { e164Of } from '../../../core/number-id.js';
import {
  clearNumberPrice,
  deleteNumber,
  endRest,
  moveToGroup,
  repriceNumber,
  returnNumber,
  withdrawNumber,
} from '../../../core/stock/index.js';
import type { RepricedNumber } from '../../../core/stock/index.js';
import { readNumber, spellId, spellNumberId } from '../ids.js';
import { ownRoute } from '../kit.js';
import { Amount, closed, Currency, named, oneOf, PriceShape } from '../schemas.js';
import { EnvironmentAsked } from './read.js';
import { renderPrice, tag } from './shapes.js';
import { moveRentalTo } from './verbs.js';

const params = Type.Object({ number: Type.String() });
const reason = Type.String({ minLength: 1, maxLength: 500, description: 'Why, for the audit trail' });
const why = { environment: EnvironmentAsked, reason };
const naming = { id: Type.String(), number: Type.String() };
const ChangedShape = named(
  'ChangedNumber',
  Type.Object({ ...naming, state: oneOf(['in_stock', 'withdrawn']) }),
);
const RepricedShape = named('NumberPrices', Type.Object({ ...naming, own_prices: Type.Array(PriceShape) }));

const WhyBody = named('NumberChange', Type.Object(why, closed));

interface Why {
  readonly environment?: 'live' | 'test';
  readonly reason: string;
}

/** The number of the path and the reason of the body or query. */
function changeOf(number: string, { environment, reason: told }: Why) {
  return { numberId: readNumber(number, environment ?? 'live'), reason: told };
}

const nameNumber = (numberId: number) => ({ id: spellNumberId(numberId), number: e164Of(numberId) });

function renderPrices({ numberId, ownPrices }: RepricedNumber) {
  return { ...nameNumber(numberId), own_prices: ownPrices.map(renderPrice) };
}

const statusChanges = [
  {
    word: 'withdraw',
    operationId: 'withdrawNumber' as const,
    verb: withdrawNumber,
    summary: 'Take a number out of sale that nobody rents or holds',
  },
  {
    word: 'return',
    operationId: 'returnNumber' as const,
    verb: returnNumber,
    summary: 'Put a withdrawn number back on sale',
  },
  {
    word: 'end-rest',
    operationId: 'endRest' as const,
    verb: endRest,
    summary: 'End a number’s quarantine before its time',
  },
].map(({ word, operationId, verb, summary }) =>
  ownRoute({
    method: 'POST',
    operationId,
    path: `/stock/:number/${word}`,
    tag,
    summary: `${summary} (admin key)`,
    params,
    body: WhyBody,
    reply: ChangedShape,
    read: ({ params: { number }, body }) => changeOf(number, body),
    verb,
    render: ({ numberId, state }) => ({ ...nameNumber(numberId), state }),
  }),
);

export const stockChangeRoutes = [
  ...statusChanges,
  ownRoute({
    method: 'POST',
    operationId: 'moveNumber',
    path: '/stock/:number/move-to-group',
    tag,
    summary: 'Move a number that nobody rents or holds to another group (admin key)',
    params,
    body: Type.Object({ ...why, group_id: Type.String({ maxLength: 100 }) }, closed),
    reply: Type.Object({ ...naming, group_id: Type.String() }),
    read: ({ params: { number }, body }) => ({ ...changeOf(number, body), group: body.group_id }),
    verb: moveToGroup,
    render: ({ numberId, group }) => ({ ...nameNumber(numberId), group_id: group }),
  }),
  ownRoute({
    method: 'POST',
    operationId: 'moveRental',
    path: '/stock/:number/move-rental',
    tag,
    summary: 'Move a rented number to another account, which pays from the next cycle on (admin key)',
    params,
    body: Type.Object({ ...why, to: Type.String({ maxLength: 40, description: 'Account' }) }, closed),
    reply: Type.Object({ ...naming, rental_id: Type.String(), holder: Type.String() }),
    read: ({ params: { number }, body }) => ({ ...changeOf(number, body), to: body.to }),
    verb: moveRentalTo,
    render: ({ numberId, rentalId, holder }) => ({
      ...nameNumber(numberId),
      rental_id: spellId('rental', rentalId),
      holder,
    }),
  }),
  ownRoute({
    method: 'PUT',
    operationId: 'setNumberPrice',
    path: '/stock/:number/prices/:currency',
    tag,
    summary: 'Give a number a price of its own in a currency, which beats price lists (admin key)',
    params: Type.Object({ number: Type.String(), currency: Currency }),
    body: Type.Object(
      { ...why, setup_minor: Amount, recurring_minor: Amount, cycle: oneOf(['28d', 'month']) },
      closed,
    ),
    reply: RepricedShape,
    read: ({ params: { number, currency }, body }) => ({
      ...changeOf(number, body),
      price: {
        currency,
        setupMinor: body.setup_minor,
        recurringMinor: body.recurring_minor,
        cycle: body.cycle,
      },
    }),
    verb: repriceNumber,
    render: renderPrices,
  }),
  ownRoute({
    method: 'DELETE',
    operationId: 'clearNumberPrice',
    path: '/stock/:number/prices/:currency',
    tag,
    summary: 'Take a number’s own price in a currency away (admin key)',
    params: Type.Object({ number: Type.String(), currency: Currency }),
    query: Type.Object(why, closed),
    reply: RepricedShape,
    read: ({ params: { number, currency }, query }) => ({ ...changeOf(number, query), currency }),
    verb: clearNumberPrice,
    render: renderPrices,
  }),
  ownRoute({
    method: 'DELETE',
    operationId: 'deleteNumber',
    path: '/stock/:number',
    tag,
    summary: 'Delete a number that was never rented and had no calls (admin key)',
    params,
    query: Type.Object(why, closed),
    reply: Type.Object(naming),
    read: ({ params: { number }, query }) => changeOf(number, query),
    verb: deleteNumber,
    render: ({ numberId }) => nameNumber(numberId),
  }),
];
