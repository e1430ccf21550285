import { Type } from 'typebox';
import { releaseFeeMinorMax } from '../../../core/billing/index.js';
import type { ReleaseFee } from '../../../core/billing/index.js';
import { ownRoute } from '../kit.js';
import { closed, Currency, listOf, Money } from '../schemas.js';
import { accountParams, operator } from './shapes.js';
import { listFeesOf, setFeeOf } from './verbs.js';

export const feeRoutes = [
  ownRoute({
    method: 'GET',
    path: '/accounts/:account/release-fees',
    tag: operator,
    summary: 'What an account pays for a release: the operator sees any, a key its own',
    params: accountParams,
    reply: listOf(Money),
    read: ({ params }) => params,
    verb: listFeesOf,
    render: (fees) => ({ data: fees.map(renderFee) }),
  }),
  ownRoute({
    method: 'PUT',
    path: '/accounts/:account/release-fees/:currency',
    tag: operator,
    summary: 'Set what an account pays for a release from now on; 0 takes the fee away (admin key)',
    params: Type.Object({ account: Type.String(), currency: Currency }),
    body: Type.Object({ amount_minor: Type.Integer({ minimum: 0, maximum: releaseFeeMinorMax }) }, closed),
    reply: Money,
    read: ({ params, body }) => ({ ...params, amountMinor: body.amount_minor }),
    verb: setFeeOf,
    render: renderFee,
  }),
];

function renderFee({ amountMinor, currency }: ReleaseFee) {
  return { amount_minor: amountMinor, currency };
}
