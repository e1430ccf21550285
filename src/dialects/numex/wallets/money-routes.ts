import { Type } from 'typebox';
import { movedMinorMax, reasonLengthMax } from '../../../core/ledger/index.js';
import { ownRoute } from '../kit.js';
import { closed, Currency, named, Warnings } from '../schemas.js';
import { renderWallet, WalletShape } from './shapes.js';
import { adjustFor, depositTo, refundTo, withdrawFrom } from './verbs.js';
import type { PlainMoved } from './verbs.js';

const tag = 'Operator';
const params = Type.Object({ account: Type.String() });
const reason = Type.String({
  minLength: 1,
  maxLength: reasonLengthMax,
  description: 'Shown in the ledger, the statement and the audit trail',
});
const amount = Type.Integer({ minimum: 1, maximum: movedMinorMax });
const Moved = named(
  'MovedMoney',
  Type.Object({
    ...WalletShape.properties,
    transfer_id: Type.Integer({ description: 'The line of the ledger that was posted' }),
  }),
);
const MoveBody = named(
  'MoneyToMove',
  Type.Object({ amount_minor: amount, currency: Currency, reason }, closed),
);

function renderMoved({ wallet, transferId }: PlainMoved) {
  return { ...renderWallet(wallet), transfer_id: transferId };
}

/** Money that the operator moves by hand; each is one transfer, and never takes a wallet below its limit. */
export const moneyRoutes = [
  ownRoute({
    method: 'POST',
    path: '/accounts/:account/deposits',
    tag,
    summary: 'Put money into an account’s wallet (admin key)',
    status: 201,
    params,
    body: Type.Object(
      {
        amount_minor: amount,
        currency: Currency,
        reference: Type.Optional(Type.String({ maxLength: 200 })),
      },
      closed,
    ),
    reply: Type.Object({ ...Moved.properties, warnings: Warnings }),
    read: ({ params: { account }, body }) => ({
      account,
      amountMinor: body.amount_minor,
      currency: body.currency,
      reference: body.reference,
    }),
    verb: depositTo,
    render: ({ warnings, ...moved }) => ({
      ...renderMoved(moved),
      ...(warnings.length > 0 ? { warnings } : {}),
    }),
  }),
  ...(
    [
      ['refunds', 'Give money back out of the operator’s revenue (admin key)', refundTo],
      ['withdrawals', 'Pay an account’s money out, down to its credit limit (admin key)', withdrawFrom],
    ] as const
  ).map(([path, summary, verb]) =>
    ownRoute({
      method: 'POST',
      path: `/accounts/:account/${path}`,
      tag,
      summary,
      status: 201,
      params,
      body: MoveBody,
      reply: Moved,
      read: ({ params: { account }, body }) => ({ ...wordsOf(body), account }),
      verb,
      render: renderMoved,
    }),
  ),
  ownRoute({
    method: 'POST',
    path: '/accounts/:account/adjustments',
    tag,
    summary: 'Correct what an account was charged: a negative amount takes more (admin key)',
    status: 201,
    params,
    body: Type.Object(
      {
        amount_minor: Type.Integer({ minimum: -movedMinorMax, maximum: movedMinorMax }),
        currency: Currency,
        reason,
      },
      closed,
    ),
    reply: Moved,
    read: ({ params: { account }, body }) => ({ ...wordsOf(body), account }),
    verb: adjustFor,
    render: renderMoved,
  }),
];

function wordsOf(body: {
  readonly amount_minor: number;
  readonly currency: string;
  readonly reason: string;
}) {
  return { amountMinor: body.amount_minor, currency: body.currency, reason: body.reason };
}
