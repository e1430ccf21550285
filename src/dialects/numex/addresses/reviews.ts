import { Type } from 'typebox';
import { requireOperator } from '../../../core/authority/index.js';
import {
  addressDecisionNames,
  decisionReasonLengthMax,
  listAddressesToReview,
} from '../../../core/compliance/index.js';
import { decideAddress } from '../../../core/rentals/index.js';
import { readId } from '../ids.js';
import { route } from '../kit.js';
import { pageOfRows, pageSizeDefault, positionOf } from '../paging.js';
import { closed, oneOf, pageOf, PageQuery } from '../schemas.js';
import { addressParams, AddressShape, renderAddress } from './shapes.js';

const tag = 'Operator';
const list = 'address-reviews';

export const reviewRoutes = [
  route({
    method: 'GET',
    path: '/address-reviews',
    tag,
    summary: 'Addresses of all accounts that wait for a decision, oldest first (admin key)',
    query: Type.Object(PageQuery, closed),
    reply: pageOf(AddressShape),
    answer: async (ctx, { query }) => {
      const { limit = pageSizeDefault } = query;
      const afterId = positionOf(query.cursor, list, 0);
      const rows = await listAddressesToReview({ ctx, input: { afterId, limit: limit + 1 } });
      const { page, nextCursor } = pageOfRows(rows, limit, list);
      return { data: page.map(renderAddress), next_cursor: nextCursor };
    },
  }),
  route({
    method: 'POST',
    path: '/addresses/:address/decision',
    tag,
    summary:
      'Decide about an address, or let a verified one expire; numbers that waited for it become active (admin key)',
    params: addressParams,
    body: Type.Object(
      {
        decision: oneOf(addressDecisionNames),
        reason: Type.Optional(Type.String({ minLength: 1, maxLength: decisionReasonLengthMax })),
      },
      closed,
    ),
    reply: AddressShape,
    answer: async (ctx, { params, body }) => {
      requireOperator(ctx);
      const addressId = readId('address', params.address);
      return renderAddress(await decideAddress({ ctx, input: { addressId, ...body } }));
    },
  }),
];
