import { Type } from 'typebox';
import { listKeys } from '../../../core/accounts/index.js';
import type { KeyListRow } from '../../../core/accounts/index.js';
import { accountAsked } from '../../../http/route.js';
import { readId, spellId } from '../ids.js';
import { ownRoute } from '../kit.js';
import { positionOf, renderPage, rowsFor } from '../paging.js';
import { closed, named, oneOf, pageOf, PageQuery, Timestamp } from '../schemas.js';
import { accountParams, operator } from './shapes.js';
import { makeKeyFor, makeOwnKey, revokeOwnKey } from './verbs.js';
import type { NewKey } from './verbs.js';

const KeyShape = named(
  'ApiKey',
  Type.Object({
    id: Type.String(),
    scope: Type.String(),
    hint: Type.String({ description: 'Last four characters' }),
    created_at: Timestamp,
    revoked_at: Type.Union([Timestamp, Type.Null()]),
  }),
);
const NewKeyShape = named(
  'NewApiKey',
  Type.Object({
    id: Type.String(),
    scope: Type.String(),
    api_key: Type.Union([Type.String(), Type.Null()], {
      description: 'Shown once; null when the answer is a replay',
    }),
  }),
);

const NewKeyBody = named('NewKey', Type.Object({ scope: oneOf(['full', 'read']) }, closed));

export const keyRoutes = [
  ownRoute({
    method: 'GET',
    path: '/account/keys',
    operationId: 'listKeys',
    tag: 'Account',
    summary: 'The account’s keys, without their secrets, oldest first',
    query: Type.Object(PageQuery, closed),
    reply: pageOf(KeyShape),
    read: ({ query, account }) => ({
      account: accountAsked({ account }),
      afterId: positionOf(query.cursor, 'keys', 0),
      limit: rowsFor(query),
    }),
    verb: listKeys,
    render: (keys, { query }) => renderPage(keys, query, 'keys', renderKey),
  }),
  ownRoute({
    method: 'POST',
    path: '/account/keys',
    operationId: 'createKey',
    tag: 'Account',
    summary: 'A further key of the account',
    status: 201,
    body: NewKeyBody,
    reply: NewKeyShape,
    read: ({ body }) => body,
    verb: makeOwnKey,
    render: renderNewKey,
  }),
  ownRoute({
    method: 'DELETE',
    path: '/account/keys/:key',
    operationId: 'revokeKey',
    tag: 'Account',
    summary: 'Revoke a key; it stops working at once',
    params: Type.Object({ key: Type.String() }),
    reply: Type.Object({ id: Type.String(), revoked: Type.Boolean() }),
    read: ({ params }) => ({ keyId: readId('key', params.key) }),
    verb: revokeOwnKey,
    render: (_revoked, { params }) => ({ id: params.key, revoked: true }),
  }),
];

export const operatorKeyRoutes = [
  ownRoute({
    method: 'POST',
    path: '/accounts/:account/keys',
    tag: operator,
    summary: 'A key for an account (admin key)',
    status: 201,
    params: accountParams,
    body: NewKeyBody,
    reply: NewKeyShape,
    read: ({ params, body }) => ({ ...params, ...body }),
    verb: makeKeyFor,
    render: renderNewKey,
  }),
];

function renderNewKey({ id, scope, apiKey }: NewKey) {
  return { id: spellId('key', id), scope, api_key: apiKey };
}

function renderKey(key: KeyListRow) {
  return {
    id: spellId('key', key.id),
    scope: key.scope,
    hint: key.hint,
    created_at: key.createdAt.toISOString(),
    revoked_at: key.revokedAt?.toISOString() ?? null,
  };
}
