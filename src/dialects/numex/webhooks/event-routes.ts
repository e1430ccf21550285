import { Type } from 'typebox';
import { filterLengthMax, listEvents } from '../../../core/webhooks/index.js';
import { positionOf, renderPage, rowsFor } from '../paging.js';
import { ownRoute } from '../kit.js';
import { closed, pageOf, PageQuery } from '../schemas.js';
import { EventShape, renderEvent } from './event-shape.js';

export const eventRoutes = [
  ownRoute({
    method: 'GET',
    path: '/events',
    tag: 'Webhooks',
    summary: 'What happened in the account, newest first; to follow it, make a webhook endpoint',
    query: Type.Object(
      {
        type: Type.Optional(Type.String({ maxLength: filterLengthMax, examples: ['number.rented'] })),
        ...PageQuery,
      },
      closed,
    ),
    reply: pageOf(EventShape),
    read: ({ query }) => ({
      type: query.type,
      beforeId: positionOf(query.cursor, ['events', query.type], Number.MAX_SAFE_INTEGER),
      limit: rowsFor(query),
    }),
    verb: listEvents,
    render: (rows, { query }) => renderPage(rows, query, ['events', query.type], renderEvent),
  }),
];
