import { Type } from 'typebox';
import {
  addressDecisionNames,
  decisionReasonLengthMax,
  listAddressesToReview,
} from '../../../core/compliance/index.js';
import { decideAddress } from '../../../core/rentals/index.js';
import { ownRoute } from '../kit.js';
import { positionOf, renderPage, rowsFor } from '../paging.js';
import { closed, oneOf, pageOf, PageQuery } from '../schemas.js';
import { addressNamed, addressParams, AddressShape, renderAddress } from './shapes.js';

const tag = 'Operator';
const list = 'address-reviews';

export const reviewRoutes = [
  ownRoute({
    method: 'GET',
    path: '/address-reviews',
    tag,
    summary: 'Addresses of all accounts that wait for a decision, oldest first (admin key)',
    query: Type.Object(PageQuery, closed),
    reply: pageOf(AddressShape),
    read: ({ query }) => ({ afterId: positionOf(query.cursor, list, 0), limit: rowsFor(query) }),
    verb: listAddressesToReview,
    render: (rows, { query }) => renderPage(rows, query, list, renderAddress),
  }),
  ownRoute({
    method: 'POST',
    path: '/addresses/:address/decision',
    operationId: 'decideAddress',
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
    read: (asked) => ({ ...addressNamed(asked), ...asked.body }),
    verb: decideAddress,
    render: renderAddress,
  }),
];
