import { Type } from 'typebox';
import { accountNameLengthMax, getSubAccount, listSubAccountsBelow } from '../../../core/accounts/index.js';
import { closeSubAccount } from '../../../core/rentals/index.js';
import { ownRoute } from '../kit.js';
import { positionOf, renderPage, rowsFor } from '../paging.js';
import { closed, Deleted, pageOf, PageQuery } from '../schemas.js';
import { defaults, readProfile } from './read.js';
import { path, profileProperties, renderSubAccount, SubAccountShape, tag } from './shapes.js';
import { changeSubAccount, openSubAccount } from './verbs.js';

const Name = Type.String({ minLength: 1, maxLength: accountNameLengthMax });
const optionalProfile = Type.Partial(Type.Object(profileProperties)).properties;
const params = Type.Object({ account: Type.String() });

export const subAccountRoutes = [
  ownRoute({
    method: 'POST',
    path: '/sub-accounts',
    tag,
    summary: 'Open a sub-account with a key of its own; this account pays for its numbers',
    status: 201,
    body: Type.Object({ name: Name, ...optionalProfile }, closed),
    reply: Type.Object({
      ...SubAccountShape.properties,
      api_key: Type.Union([Type.String(), Type.Null()], {
        description: 'Shown once; null when the answer is a replay',
      }),
    }),
    read: ({ body }) => ({ ...defaults, name: body.name, ...readProfile(body) }),
    verb: openSubAccount,
    render: ({ row, apiKey }) => ({ ...renderSubAccount(row), api_key: apiKey }),
  }),
  ownRoute({
    method: 'GET',
    path: '/sub-accounts',
    tag,
    summary: 'The account’s sub-accounts, newest first',
    query: Type.Object({ active_only: Type.Optional(Type.Boolean()), ...PageQuery }, closed),
    reply: Type.Object({ ...pageOf(SubAccountShape).properties, total: Type.Integer() }),
    read: ({ query }) => {
      const filters = listFilters(query);
      return {
        activeOnly: filters.activeOnly,
        beforeId: positionOf(query.cursor, filters, Number.MAX_SAFE_INTEGER),
        limit: rowsFor(query),
      };
    },
    verb: listSubAccountsBelow,
    render: ({ rows, total }, { query }) => ({
      ...renderPage(rows, query, listFilters(query), renderSubAccount),
      total,
    }),
  }),
  ownRoute({
    method: 'GET',
    path,
    tag,
    summary: 'One sub-account',
    params,
    reply: SubAccountShape,
    read: (asked) => asked.params,
    verb: getSubAccount,
    render: renderSubAccount,
  }),
  ownRoute({
    method: 'PATCH',
    path,
    tag,
    summary: 'Change a sub-account; what is not given stays',
    params,
    body: Type.Object({ name: Type.Optional(Name), ...optionalProfile }, closed),
    reply: SubAccountShape,
    read: ({ params: { account }, body }) => ({
      account,
      changes: { ...(body.name === undefined ? {} : { name: body.name }), ...readProfile(body) },
    }),
    verb: changeSubAccount,
    render: renderSubAccount,
  }),
  ownRoute({
    method: 'DELETE',
    path,
    tag,
    summary: 'Delete a sub-account that holds no number any more',
    params,
    reply: Deleted,
    read: (asked) => asked.params,
    verb: closeSubAccount,
    render: (_closed, asked) => ({ id: asked.params.account, deleted: true }),
  }),
];

/** What a cursor of the list holds for. */
function listFilters({ active_only: activeOnly = false }: { readonly active_only?: boolean }) {
  return { list: 'sub-accounts', activeOnly };
}
