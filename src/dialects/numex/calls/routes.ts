import { Type } from 'typebox';
import { getCall } from '../../../core/usage/index.js';
import { encodeCursor, pageOfRows } from '../../../http/paging.js';
import { ownRoute } from '../kit.js';
import { pageSizeDefault } from '../paging.js';
import { callsWanted, CallsQuery, listFilters } from './read.js';
import { CallShape, renderCall, renderSummary, SummaryShape, tag } from './shapes.js';
import { listWithSummary } from './verbs.js';

export const callRoutes = [
  ownRoute({
    method: 'GET',
    path: '/calls',
    tag,
    summary: 'Calls of the account’s numbers that began while it held them, newest first',
    query: CallsQuery,
    reply: Type.Object({
      data: Type.Array(CallShape),
      next_cursor: Type.Union([Type.String(), Type.Null()]),
      summary: Type.Optional(SummaryShape),
    }),
    read: callsWanted,
    verb: listWithSummary,
    render: ({ rows, summary }, { query }) => {
      const { page, last } = pageOfRows(rows, query.limit ?? pageSizeDefault);
      const { filters } = listFilters(query);
      return {
        data: page.map(renderCall),
        next_cursor: last ? encodeCursor([last.startedAt.getTime(), last.id], filters) : null,
        ...(summary ? { summary: renderSummary(summary) } : {}),
      };
    },
  }),
  ownRoute({
    method: 'GET',
    path: '/calls/:call',
    tag,
    summary: 'One call of the account’s, or of a sub-account’s',
    params: Type.Object({ call: Type.String() }),
    reply: CallShape,
    read: ({ params }) => ({ callId: params.call, withSubAccounts: true }),
    verb: getCall,
    render: renderCall,
  }),
];
