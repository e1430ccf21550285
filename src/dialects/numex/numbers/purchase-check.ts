import { Type } from 'typebox';
import { requirementSentences } from '../../../core/compliance/index.js';
import { checkPurchase } from '../../../core/sales/index.js';
import { e164Of } from '../../../core/number-id.js';
import { accountAsked } from '../../../http/route.js';
import { obstacleOf } from '../errors.js';
import { readId, readNumber, spellNumberId } from '../ids.js';
import { ownRoute } from '../kit.js';
import { Obstacle } from '../problems.js';
import { closed, Currency, named, PriceShape } from '../schemas.js';

const CheckShape = named(
  'PurchaseCheck',
  Type.Object({
    number_id: Type.String(),
    number: Type.String(),
    available: Type.Boolean(),
    may_buy: Type.Boolean(),
    price: Type.Union([PriceShape, Type.Null()]),
    requirement: Type.Object({
      country: Type.String(),
      type: Type.String(),
      met: Type.Boolean(),
      documents: Type.Array(Type.String()),
    }),
    obstacles: Type.Array(Obstacle),
  }),
);

export const purchaseCheckRoutes = [
  ownRoute({
    method: 'GET',
    operationId: 'checkPurchase',
    path: '/numbers/:number/purchase-check',
    tag: 'Numbers',
    summary: 'Whether this account may buy a number now, and everything that stands in the way',
    params: Type.Object({ number: Type.String() }),
    query: Type.Object(
      {
        address_id: Type.Optional(
          Type.String({ maxLength: 40, description: 'The address to register with' }),
        ),
        currency: Type.Optional(Currency),
      },
      closed,
    ),
    reply: CheckShape,
    read: ({ params, query, account }) => ({
      numberId: readNumber(params.number, accountAsked({ account }).environment),
      addressId: query.address_id === undefined ? undefined : readId('address', query.address_id),
      currency: query.currency,
    }),
    verb: checkPurchase,
    render: (check) => {
      const { numberId, price, requirement } = check;
      return {
        number_id: spellNumberId(numberId),
        number: e164Of(numberId),
        available: check.available,
        may_buy: check.mayBuy,
        price: price && {
          currency: price.currency,
          setup_minor: price.setupMinor,
          recurring_minor: price.recurringMinor,
          cycle: price.cycle,
        },
        requirement: {
          country: requirement.country,
          type: requirement.type,
          met: check.requirementMet,
          documents: requirementSentences(requirement),
        },
        obstacles: check.obstacles.map(obstacleOf),
      };
    },
  }),
];
