import { Type } from 'typebox';
import type { Account, Environment } from '../../../core/context.js';
import { readNumber } from '../ids.js';
import { ownRoute } from '../kit.js';
import { positionOf, renderPage, rowsFor, withoutPage } from '../paging.js';
import { closed, oneOf, pageOf, PageQuery, Timestamp } from '../schemas.js';
import { readTime } from '../times.js';
import { EntryShape, HolderShape, renderEntry, renderHolder } from './shapes.js';
import { holderThen, listTrail } from './verbs.js';

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
  ownRoute({
    method: 'GET',
    path: '/audit',
    operationId: 'listAuditEntries',
    tag,
    summary:
      'Who did what to what, newest first: the operator sees all, an account its own and its sub-accounts’',
    query: Type.Object({ ...filters, ...PageQuery }, closed),
    reply: pageOf(EntryShape),
    read: ({ query, account }) => {
      const start = positionOf(query.cursor, ['audit', withoutPage(query)], 0);
      return {
        account: query.account,
        numberId:
          query.number === undefined
            ? undefined
            : readNumber(query.number, environmentOf(account, query.environment)),
        requestId: query.request_id,
        action: query.action,
        from: readTime('from', query.from),
        until: readTime('until', query.until),
        beforeId: start === 0 ? undefined : start,
        limit: rowsFor(query),
      };
    },
    verb: listTrail,
    render: (rows, { query }) => renderPage(rows, query, ['audit', withoutPage(query)], renderEntry),
  }),
  ownRoute({
    method: 'GET',
    path: '/numbers/:number/holder',
    tag,
    summary: 'Who had a number at an instant (admin key)',
    params: Type.Object({ number: Type.String() }),
    query: Type.Object({ at: Timestamp, environment: EnvironmentOfNumber }, closed),
    reply: HolderShape,
    read: ({ params, query, account }) => ({
      numberId: readNumber(params.number, environmentOf(account, query.environment)),
      at: readTime('at', query.at),
    }),
    verb: holderThen,
    render: renderHolder,
  }),
];

/** An account's numbers are of its own environment, whatever the query says. */
function environmentOf(account: Account | undefined, asked: Environment = 'live'): Environment {
  return account?.environment ?? asked;
}
