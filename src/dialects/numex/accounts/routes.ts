import { Type } from 'typebox';
import { accountNameLengthMax, getAccount, listAccounts } from '../../../core/accounts/index.js';
import { ownRoute } from '../kit.js';
import { positionOf, renderPage, rowsFor } from '../paging.js';
import { closed, Currency, oneOf, pageOf, PageQuery, Warnings } from '../schemas.js';
import { feeRoutes } from './fee-routes.js';
import { keyRoutes, operatorKeyRoutes } from './key-routes.js';
import { accountParams, AccountShape, operator, renderAccount } from './shapes.js';
import { getOwnAccount, openAccount, setBlock } from './verbs.js';

export const accountRoutes = [
  ownRoute({
    method: 'GET',
    path: '/account',
    operationId: 'getOwnAccount',
    tag: 'Account',
    summary: 'The account of the key',
    reply: AccountShape,
    read: () => undefined,
    verb: getOwnAccount,
    render: renderAccount,
  }),
  ...keyRoutes,
  ownRoute({
    method: 'POST',
    path: '/accounts',
    tag: operator,
    summary: 'Open an account, or a sub-account of a parent (admin key)',
    status: 201,
    body: Type.Object(
      {
        name: Type.String({ minLength: 1, maxLength: accountNameLengthMax }),
        environment: Type.Optional(oneOf(['live', 'test'])),
        parent: Type.Optional(Type.String()),
        currency: Type.Optional(Currency),
      },
      closed,
    ),
    reply: Type.Object({ ...AccountShape.properties, warnings: Warnings }),
    read: ({ body }) => ({
      name: body.name,
      environment: body.environment ?? ('live' as const),
      parent: body.parent,
      currency: body.currency,
    }),
    verb: openAccount,
    render: ({ account, warnings }) => ({
      ...renderAccount(account),
      ...(warnings.length > 0 ? { warnings } : {}),
    }),
  }),
  ownRoute({
    method: 'GET',
    path: '/accounts',
    tag: operator,
    summary: 'All accounts, oldest first (admin key)',
    query: Type.Object(PageQuery, closed),
    reply: pageOf(AccountShape),
    read: ({ query }) => ({ afterId: positionOf(query.cursor, 'accounts', 0), limit: rowsFor(query) }),
    verb: listAccounts,
    render: (accounts, { query }) => renderPage(accounts, query, 'accounts', renderAccount),
  }),
  ownRoute({
    method: 'GET',
    path: '/accounts/:account',
    tag: operator,
    summary: 'An account: the operator sees any, a key its own and its sub-accounts',
    params: accountParams,
    reply: AccountShape,
    read: ({ params }) => params,
    verb: getAccount,
    render: renderAccount,
  }),
  ...operatorKeyRoutes,
  ...feeRoutes,
  ...(['block', 'unblock'] as const).map((verb) =>
    ownRoute({
      method: 'POST',
      path: `/accounts/:account/${verb}`,
      tag: operator,
      summary:
        verb === 'block'
          ? 'Refuse an account’s keys; its numbers stay (admin key)'
          : 'Let a blocked account back in (admin key)',
      params: accountParams,
      reply: AccountShape,
      read: ({ params }) => ({ account: params.account, blocked: verb === 'block' }),
      verb: setBlock,
      render: renderAccount,
    }),
  ),
];
