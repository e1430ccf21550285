import { Type } from 'typebox';
import { getAccount } from '../../../core/accounts/index.js';
import { holderAt, listAudit } from '../../../core/audit/index.js';
import type { AuditEntryRow } from '../../../core/audit/index.js';
import { accountOf } from '../../../core/context.js';
import type { Environment, RootContext } from '../../../core/context.js';
import { e164Of } from '../../../core/number-id.js';
import { readNumber, spellId, spellNumberId, spellSubject } from '../ids.js';
import { route } from '../kit.js';
import { pageOfRows, pageSizeDefault, positionOf } from '../paging.js';
import { closed, oneOf, pageOf, PageQuery, Timestamp } from '../schemas.js';
import { readTime } from '../times.js';

const nullable = (what: ReturnType<typeof Type.String>) => Type.Union([what, Type.Null()]);

const EntryShape = Type.Object({
  id: Type.String(),
  at: Timestamp,
  environment: nullable(Type.String()),
  account: nullable(Type.String({ description: 'Whose affair it was; null is the operator’s' })),
  actor: Type.String({ description: 'The key, the operator, or the part of Numex that acted' }),
  action: Type.String({ examples: ['number.buy'] }),
  subject: Type.Object({ kind: Type.String(), id: Type.String() }),
  number: nullable(Type.String()),
  request_id: Type.String(),
  details: Type.Object({}, { additionalProperties: true }),
});
const HolderShape = Type.Object({
  number: Type.String(),
  number_id: Type.String(),
  at: Timestamp,
  holder: Type.Union([
    Type.Object({
      account: Type.String(),
      name: Type.String(),
      rental_id: Type.String(),
      since: Timestamp,
      until: nullable(Timestamp),
    }),
    Type.Null(),
  ]),
});
const EnvironmentOfNumber = Type.Optional(
  oneOf(['live', 'test'], 'Of the number, for an admin key; live unless it says otherwise'),
);
const filters = {
  account: Type.Optional(Type.String({ maxLength: 40, description: 'Only this account’s entries' })),
  number: Type.Optional(Type.String({ maxLength: 40, description: 'E.164, or the id of the number' })),
  environment: EnvironmentOfNumber,
  request_id: Type.Optional(Type.String({ maxLength: 128 })),
  action: Type.Optional(Type.String({ maxLength: 100 })),
  from: Type.Optional(Timestamp),
  until: Type.Optional(Type.String({ format: 'date-time', description: 'Before this instant' })),
};
const tag = 'Audit';

export const auditRoutes = [
  route({
    method: 'GET',
    path: '/audit',
    tag,
    summary:
      'Who did what to what, newest first: the operator sees all, an account its own and its sub-accounts’',
    query: Type.Object({ ...filters, ...PageQuery }, closed),
    reply: pageOf(EntryShape),
    answer: async (ctx, { query }) => {
      const { limit = pageSizeDefault, cursor, ...asked } = query;
      const start = positionOf(cursor, ['audit', asked], 0);
      const rows = await listAudit({
        ctx,
        input: {
          account:
            asked.account === undefined
              ? undefined
              : await getAccount({ ctx, input: { account: asked.account } }),
          numberId:
            asked.number === undefined
              ? undefined
              : readNumber(asked.number, environmentOf(ctx, asked.environment)),
          requestId: asked.request_id,
          action: asked.action,
          from: readTime('from', asked.from),
          until: readTime('until', asked.until),
          beforeId: start === 0 ? undefined : start,
          limit: limit + 1,
        },
      });
      const { page, nextCursor } = pageOfRows(rows, limit, ['audit', asked]);
      return { data: page.map(render), next_cursor: nextCursor };
    },
  }),
  route({
    method: 'GET',
    path: '/numbers/:number/holder',
    tag,
    summary: 'Who had a number at an instant (admin key)',
    params: Type.Object({ number: Type.String() }),
    query: Type.Object({ at: Timestamp, environment: EnvironmentOfNumber }, closed),
    reply: HolderShape,
    answer: async (ctx, { params, query }) => {
      const numberId = readNumber(params.number, environmentOf(ctx, query.environment));
      const at = readTime('at', query.at);
      const holder = await holderAt({ ctx, input: { numberId, at } });
      return {
        number: e164Of(numberId),
        number_id: spellNumberId(numberId),
        at: at.toISOString(),
        holder: holder && {
          account: holder.account,
          name: holder.name,
          rental_id: spellId('rental', holder.rentalId),
          since: holder.since.toISOString(),
          until: holder.until?.toISOString() ?? null,
        },
      };
    },
  }),
];

/** An account's numbers are of its own environment, whatever the query says. */
function environmentOf({ actor }: RootContext, asked: Environment = 'live'): Environment {
  return accountOf(actor)?.environment ?? asked;
}

function render(row: AuditEntryRow) {
  const {
    id,
    at,
    environment,
    account,
    actor,
    action,
    subjectKind,
    subjectId,
    numberId,
    requestId,
    details,
  } = row;
  return {
    id: spellId('entry', id),
    at: at.toISOString(),
    environment,
    account,
    actor,
    action,
    subject: { kind: subjectKind, id: spellSubject(subjectKind, subjectId) },
    number: numberId === null ? null : e164Of(numberId),
    request_id: requestId,
    details,
  };
}
