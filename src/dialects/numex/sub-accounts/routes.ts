import { Type } from 'typebox';
import {
  accountNameLengthMax,
  createSubAccount,
  getSubAccount,
  listSubAccountsBelow,
  requestsPerMinuteMax,
  updateSubAccount,
} from '../../../core/accounts/index.js';
import { actingAccount } from '../../../core/authority/index.js';
import type { SubAccountFields, SubAccountRow } from '../../../core/accounts/index.js';
import type { Context } from '../../../core/context.js';
import { asOneWrite } from '../../../core/idempotency/index.js';
import { closeSubAccount, handToSubAccount, takeBackFromSubAccount } from '../../../core/rentals/index.js';
import type { HandOver } from '../../../core/rentals/index.js';
import { e164Of } from '../../../core/number-id.js';
import { readNumber, spellId } from '../ids.js';
import { route } from '../kit.js';
import { pageOfRows, pageSizeDefault, positionOf } from '../paging.js';
import { closed, oneOf, pageOf, PageQuery, Timestamp } from '../schemas.js';

const Text = Type.Union([Type.String({ maxLength: 500 }), Type.Null()]);
const profileProperties = {
  email: Text,
  phone: Text,
  description: Text,
  business_type: Text,
  requests_per_minute: Type.Integer({ minimum: 1, maximum: requestsPerMinuteMax }),
  end_user: oneOf(['self', 'customer'], 'Who uses the numbers; a customer needs an e-mail address'),
  enabled: Type.Boolean({ description: 'A disabled one keeps its numbers, but its keys are refused' }),
};
const SubAccountShape = Type.Object({
  id: Type.String(),
  name: Type.String(),
  status: Type.String(),
  ...profileProperties,
  created_at: Timestamp,
  updated_at: Timestamp,
});
const Name = Type.String({ minLength: 1, maxLength: accountNameLengthMax });
const optionalProfile = Type.Partial(Type.Object(profileProperties)).properties;
const params = Type.Object({ account: Type.String() });
const HandOverShape = Type.Object({
  rental_id: Type.String(),
  number: Type.String(),
  holder: Type.String({ description: 'The account that holds the number now' }),
});
const tag = 'Sub-accounts';
const path = '/sub-accounts/:account';
const defaults = {
  email: null,
  phone: null,
  description: null,
  businessType: null,
  requestsPerMinute: 1000,
  permissions: {},
  endUser: 'self',
  enabled: true,
} as const;

export const subAccountRoutes = [
  route({
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
    answer: async (ctx, { body }) => {
      const input = { ...defaults, name: body.name, ...readProfile(body) };
      const open = async (inner: Context) => {
        const { account, apiKey } = await createSubAccount({ ctx: inner, input });
        return { ...render(await getSubAccount({ ctx: inner, input: { account } })), api_key: apiKey };
      };
      return asOneWrite(ctx, open, { lock: 'alone' });
    },
  }),
  route({
    method: 'GET',
    path: '/sub-accounts',
    tag,
    summary: 'The account’s sub-accounts, newest first',
    query: Type.Object({ active_only: Type.Optional(Type.Boolean()), ...PageQuery }, closed),
    reply: Type.Object({ ...pageOf(SubAccountShape).properties, total: Type.Integer() }),
    answer: async (ctx, { query }) => {
      const { limit = pageSizeDefault, cursor, active_only: activeOnly = false } = query;
      const filters = { list: 'sub-accounts', activeOnly };
      const beforeId = positionOf(cursor, filters, Number.MAX_SAFE_INTEGER);
      const input = { beforeId, limit: limit + 1, activeOnly };
      const { rows, total } = await listSubAccountsBelow({ ctx, input });
      const { page, nextCursor } = pageOfRows(rows, limit, filters);
      return { data: page.map(render), next_cursor: nextCursor, total };
    },
  }),
  route({
    method: 'GET',
    path,
    tag,
    summary: 'One sub-account',
    params,
    reply: SubAccountShape,
    answer: async (ctx, asked) => render(await getSubAccount({ ctx, input: asked.params })),
  }),
  route({
    method: 'PATCH',
    path,
    tag,
    summary: 'Change a sub-account; what is not given stays',
    params,
    body: Type.Object({ name: Type.Optional(Name), ...optionalProfile }, closed),
    reply: SubAccountShape,
    answer: async (ctx, { params: { account }, body }) => {
      const changes = { ...(body.name === undefined ? {} : { name: body.name }), ...readProfile(body) };
      return asOneWrite(ctx, async (inner) => {
        await updateSubAccount({ ctx: inner, input: { account, changes } });
        return render(await getSubAccount({ ctx: inner, input: { account } }));
      });
    },
  }),
  route({
    method: 'DELETE',
    path,
    tag,
    summary: 'Delete a sub-account that holds no number any more',
    params,
    reply: Type.Object({ id: Type.String(), deleted: Type.Boolean() }),
    answer: async (ctx, asked) => {
      await closeSubAccount({ ctx, input: asked.params });
      return { id: asked.params.account, deleted: true };
    },
  }),
  ...handOverRoutes(),
];

function handOverRoutes() {
  const numberPath = `${path}/numbers/:number`;
  const numberParams = Type.Object({ account: Type.String(), number: Type.String() });
  return [
    route({
      method: 'PUT',
      path: numberPath,
      tag,
      summary: 'Hand one of the account’s numbers to a sub-account',
      params: numberParams,
      reply: HandOverShape,
      answer: async (ctx, asked) => {
        return asOneWrite(ctx, async (inner) => {
          const { numberId, subAccount } = await readHandOver(inner, asked.params);
          return renderHandOver(await handToSubAccount({ ctx: inner, input: { numberId, subAccount } }));
        });
      },
    }),
    route({
      method: 'DELETE',
      path: numberPath,
      tag,
      summary:
        'Take a number back from a sub-account, 15 days after its last call or sooner with force (admin key)',
      params: numberParams,
      query: Type.Object(
        {
          force: Type.Optional(
            Type.Boolean({
              description: 'Overrides the cool-off; needs an admin key, acting for the account',
            }),
          ),
        },
        closed,
      ),
      reply: HandOverShape,
      answer: async (ctx, asked) => {
        return asOneWrite(ctx, async (inner) => {
          const { numberId, subAccount } = await readHandOver(inner, asked.params);
          const coolOff = asked.query.force === true ? 'override' : 'respect';
          const input = { numberId, coolOff, holder: subAccount } as const;
          return renderHandOver(await takeBackFromSubAccount({ ctx: inner, input }));
        });
      },
    }),
  ];
}

async function readHandOver(ctx: Context, named: { readonly account: string; readonly number: string }) {
  const subAccount = await getSubAccount({ ctx, input: { account: named.account } });
  const numberId = readNumber(named.number, actingAccount(ctx).environment);
  return { numberId, subAccount };
}

interface WireProfile {
  readonly email?: string | null;
  readonly phone?: string | null;
  readonly description?: string | null;
  readonly business_type?: string | null;
  readonly requests_per_minute?: number;
  readonly end_user?: 'self' | 'customer';
  readonly enabled?: boolean;
}

/** Only what is given, in core words. */
function readProfile(body: WireProfile): Partial<SubAccountFields> {
  const given = {
    email: body.email,
    phone: body.phone,
    description: body.description,
    businessType: body.business_type,
    requestsPerMinute: body.requests_per_minute,
    endUser: body.end_user,
    enabled: body.enabled,
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

function render(row: SubAccountRow) {
  return {
    id: row.publicId,
    name: row.name,
    status: row.status,
    email: row.email,
    phone: row.phone,
    description: row.description,
    business_type: row.businessType,
    requests_per_minute: row.requestsPerMinute,
    end_user: row.endUser,
    enabled: row.status === 'active',
    created_at: row.createdAt.toISOString(),
    updated_at: row.updatedAt.toISOString(),
  };
}

function renderHandOver({ rentalId, numberId, holder }: HandOver) {
  return { rental_id: spellId('rental', rentalId), number: e164Of(numberId), holder };
}
