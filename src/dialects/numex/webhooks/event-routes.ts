import { Type } from 'typebox';
import { filterLengthMax, listEvents } from '../../../core/webhooks/index.js';
import { pageOfRows, pageSizeDefault, positionOf } from '../paging.js';
import { route } from '../kit.js';
import { closed, pageOf, PageQuery } from '../schemas.js';
import { EventShape, renderEvent } from './event-shape.js';

export const eventRoutes = [
  route({
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
    answer: async (ctx, { query }) => {
      const { type, limit = pageSizeDefault } = query;
      const filters = ['events', type];
      const beforeId = positionOf(query.cursor, filters, Number.MAX_SAFE_INTEGER);
      const rows = await listEvents({ ctx, input: { type, beforeId, limit: limit + 1 } });
      const { page, nextCursor } = pageOfRows(rows, limit, filters);
      return { data: page.map(renderEvent), next_cursor: nextCursor };
    },
  }),
];
