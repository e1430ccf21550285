import { Type } from 'typebox';
import { actingAccount, requireOperator } from '../../../core/authority/index.js';
import { getAccount } from '../../../core/accounts/index.js';
import { currencyWarnings } from '../../../core/billing/index.js';
import { idempotently } from '../../../core/idempotency/index.js';
import { deposit, depositMinorMax, listTransfers, listWallets } from '../../../core/ledger/index.js';
import type { WalletRow } from '../../../core/ledger/index.js';
import { spellId } from '../ids.js';
import { route } from '../kit.js';
import { pageOfRows, pageSizeDefault, positionOf } from '../paging.js';
import { closed, Currency, listOf, oneOf, pageOf, PageQuery, Timestamp, Warnings } from '../schemas.js';

const WalletShape = Type.Object({
  currency: Type.String(),
  balance_minor: Type.Integer(),
  credit_limit_minor: Type.Integer(),
  created_at: Timestamp,
});
const TransferShape = Type.Object({
  id: Type.Integer(),
  kind: Type.String(),
  direction: oneOf(['debit', 'credit']),
  amount_minor: Type.Integer(),
  currency: Type.String(),
  rental_id: Type.Union([Type.String(), Type.Null()]),
  cycle_number: Type.Union([Type.Integer(), Type.Null()]),
  reference: Type.Union([Type.String(), Type.Null()]),
  created_at: Timestamp,
});
const tag = 'Wallets';

export const walletRoutes = [
  route({
    method: 'GET',
    path: '/wallets',
    tag,
    summary: 'The account’s wallets, first opened first',
    reply: listOf(WalletShape),
    answer: async (ctx) => ({
      data: (await listWallets({ ctx, input: { account: actingAccount(ctx) } })).map(render),
    }),
  }),
  route({
    method: 'GET',
    path: '/wallets/:currency/transfers',
    tag,
    summary: 'Money that moved, newest first',
    params: Type.Object({ currency: Currency }),
    query: Type.Object(PageQuery, closed),
    reply: pageOf(TransferShape),
    answer: async (ctx, { params, query }) => {
      const limit = query.limit ?? pageSizeDefault;
      const filters = ['transfers', params.currency];
      const rows = await listTransfers({
        ctx,
        input: {
          account: actingAccount(ctx),
          currency: params.currency,
          beforeId: positionOf(query.cursor, filters, Number.MAX_SAFE_INTEGER),
          limit: limit + 1,
        },
      });
      const { page, nextCursor } = pageOfRows(rows, limit, filters);
      return {
        data: page.map((row) => ({
          id: row.id,
          kind: row.kind,
          direction: row.direction,
          amount_minor: row.amountMinor,
          currency: row.currency,
          rental_id: row.rentalId === null ? null : spellId('rental', row.rentalId),
          cycle_number: row.cycleNumber,
          reference: row.reference,
          created_at: row.createdAt.toISOString(),
        })),
        next_cursor: nextCursor,
      };
    },
  }),
  route({
    method: 'POST',
    path: '/accounts/:account/deposits',
    tag: 'Operator',
    summary: 'Put money into an account’s wallet (admin key)',
    status: 201,
    params: Type.Object({ account: Type.String() }),
    body: Type.Object(
      {
        amount_minor: Type.Integer({ minimum: 1, maximum: depositMinorMax }),
        currency: Currency,
        reference: Type.Optional(Type.String({ maxLength: 200 })),
      },
      closed,
    ),
    reply: Type.Object({ ...WalletShape.properties, warnings: Warnings }),
    answer: async (ctx, { params, body }) => {
      requireOperator(ctx);
      return idempotently(ctx, async (inner) => {
        const account = await getAccount({ ctx: inner, input: { account: params.account } });
        const { wallet, transferId } = await deposit({
          ctx: inner,
          input: {
            account,
            amountMinor: body.amount_minor,
            currency: body.currency,
            reference: body.reference,
          },
        });
        const warnings = await currencyWarnings({ ctx: inner, input: { account, currency: body.currency } });
        const result = { ...render(wallet), ...(warnings.length > 0 ? { warnings } : {}) };
        return { result, subject: { kind: 'transfer', id: transferId } };
      });
    },
  }),
];

function render(wallet: WalletRow) {
  return {
    currency: wallet.currency,
    balance_minor: wallet.balanceMinor,
    credit_limit_minor: wallet.creditLimitMinor,
    created_at: wallet.createdAt.toISOString(),
  };
}
