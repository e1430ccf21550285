import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { Type } from 'typebox';
import {
  pageOfStatement,
  statementCsv,
  statementHtml,
  statementStyle,
  wholeStatement,
} from '../../../core/ledger/index.js';
import type { StatementLine, WholeStatement } from '../../../core/ledger/index.js';
import { e164Of } from '../../../core/number-id.js';
import { accountAsked } from '../../../http/route.js';
import { pagePolicy } from '../../../http/security-headers.js';
import { WireReply } from '../../../http/wire.js';
import { encodeCursor, pageOfRows } from '../../../http/paging.js';
import { ownRoute } from '../kit.js';
import type { OperationId } from '../operation-id.js';
import { pageSizeDefault, rowsFor, timePositionOf } from '../paging.js';
import { closed, Currency, named, PageQuery, Timestamp } from '../schemas.js';
import { renderTransfer, TransferShape } from './shapes.js';

const tag = 'Wallets';
const params = Type.Object({ currency: Currency });
const month = Type.Optional(
  Type.String({
    pattern: '^[1-9][0-9]{3}-(0[1-9]|1[0-2])$',
    description: 'Calendar month in UTC; the running one unless said',
    examples: ['2026-03'],
  }),
);
const MonthQuery = Type.Object({ month }, closed);
const Line = named(
  'StatementLine',
  Type.Object({
    ...TransferShape.properties,
    number: Type.Union([Type.String(), Type.Null()]),
    balance_minor: Type.Integer({ description: 'After this line' }),
  }),
);

const policy = pagePolicy({
  styles: [`'sha256-${createHash('sha256').update(statementStyle).digest('base64')}'`],
});

interface Document {
  readonly suffix: 'csv' | 'html';
  readonly summary: string;
  readonly operationId: OperationId;
  readonly type: string;
  readonly write: (statement: WholeStatement) => AsyncIterable<string>;
  readonly headers: (statement: WholeStatement) => Readonly<Record<string, string>>;
}

const documents: readonly Document[] = [
  {
    suffix: 'csv',
    operationId: 'exportWalletStatement',
    summary: 'The whole statement of a month as CSV; amounts in major units',
    type: 'text/csv',
    write: statementCsv,
    headers: ({ currency, month: { name } }) => ({
      'content-disposition': `attachment; filename="statement-${name}-${currency}.csv"`,
    }),
  },
  {
    suffix: 'html',
    operationId: 'downloadWalletStatement',
    summary: 'The whole statement of a month as a page to print',
    type: 'text/html',
    write: statementHtml,
    headers: () => ({ 'content-security-policy': policy }),
  },
];

/** A month of one wallet: of the key's account, or for the operator of the one that `X-Account` names. */
export const statementRoutes = [
  ownRoute({
    method: 'GET',
    path: '/wallets/:currency/statement',
    operationId: 'getWalletStatement',
    tag,
    summary: 'What moved in a month, the earliest first, with opening and closing balance',
    params,
    query: Type.Object({ month, ...PageQuery }, closed),
    reply: named(
      'Statement',
      Type.Object({
        account: Type.String(),
        currency: Type.String(),
        month: Type.String(),
        from: Timestamp,
        until: Timestamp,
        opening_balance_minor: Type.Integer(),
        credits_minor: Type.Integer({ description: 'Of the whole month, whatever the page shows' }),
        debits_minor: Type.Integer(),
        closing_balance_minor: Type.Integer(),
        data: Type.Array(Line),
        next_cursor: Type.Union([Type.String(), Type.Null()]),
      }),
    ),
    read: ({ params: { currency }, query, account }) => ({
      account: accountAsked({ account }),
      currency,
      month: query.month,
      after: timePositionOf(query.cursor, filtersOf(currency, query)),
      limit: rowsFor(query),
    }),
    verb: pageOfStatement,
    render: (statement, { params: { currency }, query }) => {
      const { page, last } = pageOfRows(statement.lines, query.limit ?? pageSizeDefault);
      const position = last && [last.createdAt.getTime(), last.id];
      return {
        account: statement.account.publicId,
        currency: statement.currency,
        month: statement.month.name,
        from: statement.month.from.toISOString(),
        until: statement.month.until.toISOString(),
        opening_balance_minor: statement.openingMinor,
        credits_minor: statement.creditsMinor,
        debits_minor: statement.debitsMinor,
        closing_balance_minor: statement.closingMinor,
        data: page.map(renderLine),
        next_cursor: position ? encodeCursor(position, filtersOf(currency, query)) : null,
      };
    },
  }),
  ...documents.map(({ suffix, operationId, summary, type, write, headers }) =>
    ownRoute({
      method: 'GET',
      path: `/wallets/:currency/statement.${suffix}`,
      operationId,
      tag,
      summary,
      params,
      query: MonthQuery,
      produces: [type],
      reply: Type.Unsafe<string>({ type: 'string' }),
      read: ({ params: { currency }, query, account }) => ({
        account: accountAsked({ account }),
        currency,
        month: query.month,
      }),
      verb: wholeStatement,
      render: (statement) =>
        new WireReply(Readable.from(write(statement)), {
          headers: {
            'content-type': `${type}; charset=utf-8`,
            'cache-control': 'private, no-store',
            ...headers(statement),
          },
        }),
    }),
  ),
];

function filtersOf(currency: string, query: { readonly month?: string }) {
  return ['statement', currency, query.month ?? null];
}

function renderLine(line: StatementLine) {
  return {
    ...renderTransfer(line),
    number: line.numberId === null ? null : e164Of(line.numberId),
    balance_minor: line.balanceMinor,
  };
}
