import { Type } from 'typebox';
import { accountParams } from '../accounts/shapes.js';
import { ownRoute } from '../kit.js';
import { closed, Currency } from '../schemas.js';
import { readTime } from '../times.js';
import { listRoutes } from './list-routes.js';
import { readList, readPercent } from './read.js';
import { ruleRoutes } from './rule-routes.js';
import { ExplanationShape, PricingShape, renderExplanation, renderPricing, tag } from './shapes.js';
import { explainFor, getPricingOf, setPricingOf } from './verbs.js';

export const priceRoutes = [
  ...listRoutes,
  ...ruleRoutes,
  ownRoute({
    method: 'GET',
    operationId: 'explainPrice',
    path: '/prices/explain',
    tag,
    summary: 'What an account would pay for a number at a time, and by which rule of which list (admin key)',
    query: Type.Object(
      {
        account: Type.String({ maxLength: 100 }),
        number: Type.String({ maxLength: 40, description: 'Id or E.164' }),
        currency: Type.Optional(Currency),
        at: Type.Optional(Type.String({ format: 'date-time', description: 'Now, unless given' })),
      },
      closed,
    ),
    reply: ExplanationShape,
    read: ({ query: { account, number, currency, at } }) => ({
      ...{ account, number, currency },
      at: readTime('at', at),
    }),
    verb: explainFor,
    render: renderExplanation,
  }),
  ownRoute({
    method: 'GET',
    path: '/accounts/:account/pricing',
    tag,
    summary: 'The price list and discount of an account (admin key)',
    params: accountParams,
    reply: PricingShape,
    read: ({ params }) => params,
    verb: getPricingOf,
    render: renderPricing,
  }),
  ownRoute({
    method: 'PUT',
    path: '/accounts/:account/pricing',
    tag,
    summary: 'Give an account and its sub-accounts a price list, a discount or both (admin key)',
    params: accountParams,
    body: Type.Object(
      {
        price_list: Type.Optional(Type.String({ maxLength: 200, description: 'Name or id' })),
        discount_percent: Type.Optional(Type.Number({ minimum: 0, maximum: 100 })),
      },
      closed,
    ),
    reply: PricingShape,
    read: ({ params, body: { price_list: list, discount_percent: percent } }) => ({
      ...params,
      list: list === undefined ? undefined : readList(list),
      discountBp: percent === undefined ? undefined : readPercent('discount_percent', percent),
    }),
    verb: setPricingOf,
    render: renderPricing,
  }),
];
