import { Type } from 'typebox';
import { listTransfers, listWallets } from '../../../core/ledger/index.js';
import type { LedgerLine } from '../../../core/ledger/index.js';
import { accountAsked } from '../../../http/route.js';
import { spellId } from '../ids.js';
import { ownRoute } from '../kit.js';
import { positionOf, renderPage, rowsFor } from '../paging.js';
import { closed, Currency, listOf, named, oneOf, pageOf, PageQuery, Timestamp } from '../schemas.js';
import { renderWallet, WalletShape } from './shapes.js';

const TransferShape = named(
  'Transfer',
  Type.Object({
    id: Type.Integer(),
    kind: Type.String(),
    direction: oneOf(['debit', 'credit']),
    amount_minor: Type.Integer(),
    currency: Type.String(),
    rental_id: Type.Union([Type.String(), Type.Null()]),
    cycle_number: Type.Union([Type.Integer(), Type.Null()]),
    reference: Type.Union([Type.String(), Type.Null()]),
    created_at: Timestamp,
  }),
);
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

function renderTransfer(row: LedgerLine) {
  return {
    id: row.id,
    kind: row.kind,
    direction: row.direction,
    amount_minor: row.amountMinor,
    currency: row.currency,
    rental_id: row.rentalId === null ? null : spellId('rental', row.rentalId),
    cycle_number: row.cycleNumber,
    reference: row.reference,
    created_at: row.createdAt.toISOString(),
  };
}
