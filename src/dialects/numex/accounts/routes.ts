import { Type } from 'typebox';
import {
  accountNameLengthMax,
  blockAccount,
  createAccount,
  createKey,
  getAccount,
  listAccounts,
  listKeys,
  revokeKey,
} from '../../../core/accounts/index.js';
import type { KeyListRow } from '../../../core/accounts/index.js';
import { actingAccount, requireOperator, writingAccount } from '../../../core/authority/index.js';
import type { Account, Context, Environment, KeyScope } from '../../../core/context.js';
import {
  currencyWarnings,
  listReleaseFees,
  releaseFeeMinorMax,
  setReleaseFee,
} from '../../../core/billing/index.js';
import { domainError } from '../../../core/errors.js';
import { idempotently } from '../../../core/idempotency/index.js';
import { openWallet } from '../../../core/ledger/index.js';
import { readId, spellId } from '../ids.js';
import { route } from '../kit.js';
import { pageOfRows, pageSizeDefault, positionOf } from '../paging.js';
import {
  closed,
  Currency,
  listOf,
  Money,
  oneOf,
  pageOf,
  PageQuery,
  Timestamp,
  Warnings,
} from '../schemas.js';

const AccountShape = Type.Object({
  id: Type.String(),
  name: Type.String(),
  environment: Type.String(),
  kind: oneOf(['master', 'sub']),
  status: Type.String(),
  created_at: Timestamp,
});
const KeyShape = Type.Object({
  id: Type.String(),
  scope: Type.String(),
  hint: Type.String({ description: 'Last four characters' }),
  created_at: Timestamp,
  revoked_at: Type.Union([Timestamp, Type.Null()]),
});
const NewKeyShape = Type.Object({
  id: Type.String(),
  scope: Type.String(),
  api_key: Type.Union([Type.String(), Type.Null()], {
    description: 'Shown once; null when the answer is a replay',
  }),
});
const accountParams = Type.Object({ account: Type.String() });
const operator = 'Operator';

export const accountRoutes = [
  route({
    method: 'GET',
    path: '/account',
    tag: 'Account',
    summary: 'The account of the key',
    reply: AccountShape,
    answer: (ctx) => Promise.resolve(render(actingAccount(ctx))),
  }),
  route({
    method: 'GET',
    path: '/account/keys',
    tag: 'Account',
    summary: 'The account’s keys, without their secrets, oldest first',
    query: Type.Object(PageQuery, closed),
    reply: pageOf(KeyShape),
    answer: async (ctx, { query }) => {
      const limit = query.limit ?? pageSizeDefault;
      const afterId = positionOf(query.cursor, 'keys', 0);
      const account = actingAccount(ctx);
      const rows = await listKeys({ ctx, input: { account, afterId, limit: limit + 1 } });
      const { page, nextCursor } = pageOfRows(rows, limit, 'keys');
      return { data: page.map(renderKey), next_cursor: nextCursor };
    },
  }),
  route({
    method: 'POST',
    path: '/account/keys',
    tag: 'Account',
    summary: 'A further key of the account',
    status: 201,
    body: Type.Object({ scope: oneOf(['full', 'read']) }, closed),
    reply: NewKeyShape,
    answer: (ctx, { body }) => makeKey(ctx, () => Promise.resolve(writingAccount(ctx)), body.scope),
  }),
  route({
    method: 'DELETE',
    path: '/account/keys/:key',
    tag: 'Account',
    summary: 'Revoke a key; it stops working at once',
    params: Type.Object({ key: Type.String() }),
    reply: Type.Object({ id: Type.String(), revoked: Type.Boolean() }),
    answer: async (ctx, { params }) => {
      writingAccount(ctx);
      const keyId = readId('key', params.key);
      return idempotently(ctx, async (inner) => {
        await revokeKey({ ctx: inner, input: { keyId } });
        return { result: { id: params.key, revoked: true }, subject: { kind: 'key', id: keyId } };
      });
    },
  }),
  route({
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
    answer: async (ctx, { body }) => {
      requireOperator(ctx);
      const open = async (inner: Context) => {
        const environment: Environment = body.environment ?? 'live';
        const account = await createAccount({
          ctx: inner,
          input: { name: body.name, environment, parent: body.parent },
        });
        const warnings = body.currency === undefined ? [] : await openIn(inner, account, body.currency);
        const result = { ...render(account), ...(warnings.length > 0 ? { warnings } : {}) };
        return { result, subject: { kind: 'account', id: account.id } };
      };
      return idempotently(ctx, open, { lock: 'alone' });
    },
  }),
  route({
    method: 'GET',
    path: '/accounts',
    tag: operator,
    summary: 'All accounts, oldest first (admin key)',
    query: Type.Object(PageQuery, closed),
    reply: pageOf(AccountShape),
    answer: async (ctx, { query }) => {
      const limit = query.limit ?? pageSizeDefault;
      const afterId = positionOf(query.cursor, 'accounts', 0);
      const rows = await listAccounts({ ctx, input: { afterId, limit: limit + 1 } });
      const { page, nextCursor } = pageOfRows(rows, limit, 'accounts');
      return { data: page.map(render), next_cursor: nextCursor };
    },
  }),
  route({
    method: 'GET',
    path: '/accounts/:account',
    tag: operator,
    summary: 'An account: the operator sees any, a key its own and its sub-accounts',
    params: accountParams,
    reply: AccountShape,
    answer: async (ctx, { params }) => render(await getAccount({ ctx, input: params })),
  }),
  route({
    method: 'POST',
    path: '/accounts/:account/keys',
    tag: operator,
    summary: 'A key for an account (admin key)',
    status: 201,
    params: accountParams,
    body: Type.Object({ scope: oneOf(['full', 'read']) }, closed),
    reply: NewKeyShape,
    answer: async (ctx, { params, body }) => {
      requireOperator(ctx);
      return makeKey(ctx, (inner) => getAccount({ ctx: inner, input: params }), body.scope);
    },
  }),
  route({
    method: 'GET',
    path: '/accounts/:account/release-fees',
    tag: operator,
    summary: 'What an account pays for a release: the operator sees any, a key its own',
    params: accountParams,
    reply: listOf(Money),
    answer: async (ctx, { params }) => {
      const account = await getAccount({ ctx, input: params });
      const fees = await listReleaseFees({ ctx, input: { account } });
      return { data: fees.map(({ amountMinor, currency }) => ({ amount_minor: amountMinor, currency })) };
    },
  }),
  route({
    method: 'PUT',
    path: '/accounts/:account/release-fees/:currency',
    tag: operator,
    summary: 'Set what an account pays for a release from now on; 0 takes the fee away (admin key)',
    params: Type.Object({ account: Type.String(), currency: Currency }),
    body: Type.Object({ amount_minor: Type.Integer({ minimum: 0, maximum: releaseFeeMinorMax }) }, closed),
    reply: Money,
    answer: async (ctx, { params, body }) => {
      requireOperator(ctx);
      return idempotently(ctx, async (inner) => {
        const account = await getAccount({ ctx: inner, input: params });
        const input = { account, currency: params.currency, amountMinor: body.amount_minor };
        const { amountMinor, currency } = await setReleaseFee({ ctx: inner, input });
        const result = { amount_minor: amountMinor, currency };
        return { result, subject: { kind: 'account', id: account.id } };
      });
    },
  }),
  ...(['block', 'unblock'] as const).map((verb) =>
    route({
      method: 'POST',
      path: `/accounts/:account/${verb}`,
      tag: operator,
      summary:
        verb === 'block'
          ? 'Refuse an account’s keys; its numbers stay (admin key)'
          : 'Let a blocked account back in (admin key)',
      params: accountParams,
      reply: AccountShape,
      answer: async (ctx, { params }) => {
        requireOperator(ctx);
        return idempotently(ctx, async (inner) => {
          const input = { account: params.account, blocked: verb === 'block' };
          const account = await blockAccount({ ctx: inner, input });
          return { result: render(account), subject: { kind: 'account', id: account.id } };
        });
      },
    }),
  ),
];

/** Opens the account's wallet; gives what its opener ought to know. A sub-account has none: its parent pays. */
async function openIn(ctx: Context, account: Account, currency: string): Promise<string[]> {
  if (account.parentId !== null) return ['A sub-account has no wallet: its parent pays'];
  await openWallet({ ctx, input: { account, currency } });
  return currencyWarnings({ ctx, input: { account, currency } });
}

async function makeKey(ctx: Context, find: (ctx: Context) => Promise<Account>, scope: KeyScope) {
  const make = async (inner: Context) => {
    const account = await find(inner);
    if (account.status === 'blocked') throw domainError('account_blocked', { account: account.publicId });
    const { id, apiKey } = await createKey({ ctx: inner, input: { account, scope } });
    const result = { id: spellId('key', id), scope, api_key: apiKey };
    return { result, remembered: { ...result, api_key: null }, subject: { kind: 'key', id } };
  };
  return idempotently<{ id: string; scope: string; api_key: string | null }>(ctx, make, { lock: 'alone' });
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

function render(account: Account) {
  return {
    id: account.publicId,
    name: account.name,
    environment: account.environment,
    kind: account.parentId === null ? ('master' as const) : ('sub' as const),
    status: account.status,
    created_at: account.createdAt.toISOString(),
  };
}
