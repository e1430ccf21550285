import { Type } from 'typebox';
import { listTransfers, listWallets } from '../../../core/ledger/index.js';
import { accountAsked } from '../../../http/route.js';
import { ownRoute } from '../kit.js';
import { positionOf, renderPage, rowsFor } from '../paging.js';
import { closed, Currency, listOf, pageOf, PageQuery } from '../schemas.js';
import { renderTransfer, renderWallet, TransferShape, WalletShape } from './shapes.js';

const tag = 'Wallets';

export const walletRoutes = [
  ownRoute({
    method: 'GET',
    path: '/wallets',
    tag,
    summary: 'The account’s wallets, first opened first',
    reply: listOf(WalletShape),
    read: (asked) => ({ account: accountAsked(asked) }),
    verb: listWallets,
    render: (wallets) => ({ data: wallets.map(renderWallet) }),
  }),
  ownRoute({
    method: 'GET',
    path: '/wallets/:currency/transfers',
    tag,
    summary: 'Money that moved, newest first',
    params: Type.Object({ currency: Currency }),
    query: Type.Object(PageQuery, closed),
    reply: pageOf(TransferShape),
    read: ({ params: { currency }, query, account }) => ({
      account: accountAsked({ account }),
      currency,
      beforeId: positionOf(query.cursor, ['transfers', currency], Number.MAX_SAFE_INTEGER),
      limit: rowsFor(query),
    }),
    verb: listTransfers,
    render: (rows, { params: { currency }, query }) =>
      renderPage(rows, query, ['transfers', currency], renderTransfer),
  }),
];
